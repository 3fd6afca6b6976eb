SELECT unit, 'R13' AS item, '本单位业务无须资质认可或者执业许可' AS reason
FROM land
WHERE no_licence
