//! What the page believes of the API's shapes, held against what the service says and sends.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::service::Service;

/// One `@property` a line.
const SHAPES: &str = include_str!("../../src/http/web/shapes.js");

#[tokio::test]
async fn the_page_knows_the_shapes_as_they_are_described() {
    let service = Service::start().await;
    let openapi = service.get("/openapi.json").await.json();
    for shape in [
        "Vessel",
        "Arrival",
        "Alert",
        "Message",
        "Seen",
        "Feed",
        "Shelf",
        "Explanation",
        "Block",
        "Changed",
        "Removed",
        "Told",
        "Step",
        "Gap",
        "Track",
        "TrackPoint",
    ] {
        let members = openapi["components"]["schemas"][shape]["properties"].as_object();
        let described: BTreeMap<_, _> = members
            .unwrap_or_else(|| panic!("no {shape} is described"))
            .iter()
            .map(|(name, schema)| (name.clone(), script_type(schema)))
            .collect();
        assert_eq!(believed(shape), described, "{shape}");
    }
}

#[tokio::test]
async fn the_page_knows_the_shapes_as_they_are_sent() {
    let service = Service::with_traffic().await;
    for (shape, path, pointer) in [
        ("Datum", "/api/v1/vessels/416001234", "/data/name"),
        ("Hearer", "/api/v1/vessels/416001234", "/heard_by/0"),
        ("Former", "/api/v1/vessels/416001234", "/identities/0"),
        ("Declaration", "/api/v1/vessels/416001234", "/declaration"),
        ("Site", "/api/v1/site", ""),
    ] {
        let sent = service.get(path).await.json();
        let members = sent.pointer(pointer).and_then(Value::as_object);
        let members = members.unwrap_or_else(|| panic!("{path} has no {pointer}: {sent}"));
        let names: Vec<_> = believed(shape).into_keys().collect();
        let mut sent: Vec<_> = members.keys().cloned().collect();
        sent.sort_unstable();
        assert_eq!(names, sent, "{shape}");
    }
}

/// The members that the page believes a shape to have, with their types.
fn believed(shape: &str) -> BTreeMap<String, String> {
    let (_, rest) = SHAPES
        .split_once(&format!("@typedef {{object}} {shape}\n"))
        .unwrap_or_else(|| panic!("the page knows no {shape}"));
    let (block, _) = rest.split_once("*/").unwrap();
    let member = |line: &str| {
        let (kind, name) = line.split_once("@property {")?.1.rsplit_once("} ")?;
        let kind = kind.replace("[number, number]", "number[]");
        Some((name.trim_matches(['[', ']']).to_owned(), kind))
    };
    block.lines().filter_map(member).collect()
}

/// A schema's type as the page's scripts write it.
fn script_type(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap().to_owned();
    }
    if let Some(either) = schema["oneOf"].as_array() {
        return either.iter().map(script_type).collect::<Vec<_>>().join(" | ");
    }
    let one = |name: &Value| match name.as_str().unwrap() {
        "integer" => "number".to_owned(),
        "array" => format!("{}[]", script_type(&schema["items"])),
        "object" => format!("Record<string, {}>", script_type(&schema["additionalProperties"])),
        own => own.to_owned(),
    };
    match &schema["type"] {
        Value::Array(names) => names.iter().map(one).collect::<Vec<_>>().join(" | "),
        name => one(name),
    }
}
