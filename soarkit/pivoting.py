"""Following an observable outward, from transform to transform."""
