//! The interface's own description, and its pages for people: both from this binary alone.

use axum::Router;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr, Schema};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{App, Setting};
use crate::rules;

/// The description's head.
pub fn about(setting: &Setting) -> OpenApi {
    let info = InfoBuilder::new()
        .title("harborwatch")
        .version(&setting.version)
        .description(Some(
            "Vessel traffic of a harbour: positions [lon,lat], times RFC 3339 UTC, units in the field's name.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").build()))
        .build();
    let kinds = format!("Every kind of rule 規則種類\n\n{}", rules::table());
    let tag = TagBuilder::new().name("rules").description(Some(kinds)).build();
    OpenApiBuilder::new().info(info).tags(Some([tag])).build()
}

/// `/openapi.json` and `/docs`.
pub fn router(openapi: OpenApi) -> Router<App> {
    let openapi = with_every_key(openapi);
    // Without the validator, which is a service elsewhere.
    let config = Config::from("/openapi.json").validator_url("none");
    SwaggerUi::new("/docs")
        .url("/openapi.json", openapi)
        .config(config)
        .into()
}

/// The description, with every key of what is answered always there, be it null. Only what clients send may leave keys out:
/// it is what allows no further ones.
fn with_every_key(mut openapi: OpenApi) -> OpenApi {
    let schemas = openapi.components.iter_mut().flat_map(|all| all.schemas.values_mut());
    for schema in schemas {
        if let RefOr::T(Schema::Object(object)) = schema
            && object.additional_properties.is_none()
        {
            object.required = object.properties.keys().cloned().collect();
        }
    }
    openapi
}
