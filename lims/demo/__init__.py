"""The demonstration laboratory: invented people and enterprises, real kinds of instruments, filled through the same
services that the pages use. Dates are relative to the day of loading; everything is marked as a demonstration."""
