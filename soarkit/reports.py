"""Reports: what people look at, put together from runs, manifests, views and contextual actions."""
