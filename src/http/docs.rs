//! The interface's own description, and its pages for people: both from this binary alone.

use axum::Router;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
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
    // Without the validator, which is a service elsewhere.
    let config = Config::from("/openapi.json").validator_url("none");
    SwaggerUi::new("/docs")
        .url("/openapi.json", openapi)
        .config(config)
        .into()
}
