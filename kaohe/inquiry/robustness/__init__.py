"""How firm ranks and grades are under stated uncertainty (稳健性)."""
