"""Setting up: what a company still lacks before its gap reports can be trusted."""
