//! The HTTP interface: status codes and JSON shapes.
