"""The steps that bring a database from one version of the schema to the next."""
