"""`impreuna up`: PostgreSQL if none is given, then the migrations, then every process."""
