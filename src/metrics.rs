//! What the service counts and measures, by its Prometheus names.
