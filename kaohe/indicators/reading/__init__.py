"""What people bring, read: a department's workbook, and last year's sheets in Word."""
