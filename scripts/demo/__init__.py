"""The demo company: deterministic for a given day, extended part by part."""
