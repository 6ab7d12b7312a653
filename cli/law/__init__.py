"""`ocop regulation` and `ocop rating`: the law shown, compared, tried out, and old results recomputed."""
