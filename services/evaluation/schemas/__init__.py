"""What evaluation's HTTP API takes (`given`) and shows (`shown`)."""
