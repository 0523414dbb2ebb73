//! How alerts are doing, over HTTP: counted by rule, desk, local hour and version, as JSON and as CSV.

use std::sync::Arc;

use harborwatch::alerts::{Acknowledgement, Alert, Finding, Priority, State, Transition};
use harborwatch::time::Span;
use serde_json::{Value, json};

use crate::rules::edition;
use crate::service::{NOW, Service, alert_row, step};

const STATISTICS: &str = "/api/v1/statistics/alerts";
/// On the site's clocks it is 08:12:31 then.
const HOUR: &str = "08";

/// What an alert is like beside the sample.
type Made = fn(Alert) -> Alert;

/// Acknowledged so many seconds after it was raised.
fn after(alert: Alert, s: i64) -> Alert {
    let acknowledged = Acknowledgement {
        time: alert.raised.plus(Span::s(s)),
        by: None,
        comment: None,
    };
    Alert {
        acknowledged: Some(acknowledged),
        state: State::Acknowledged,
        ..alert
    }
}

const ALERTS: [Made; 6] = [
    |alert| after(alert, 10),
    |alert| {
        after(
            Alert {
                finding: Some(Finding::Nuisance),
                ..alert
            },
            30,
        )
    },
    |alert| {
        let finding = Some(Finding::True);
        after(
            Alert {
                finding,
                priority: Priority::Alarm,
                ..alert
            },
            200,
        )
    },
    |alert| Alert {
        finding: Some(Finding::Unsure),
        shelved_until: Some(NOW),
        desk: Some("liaoluo".into()),
        ..alert
    },
    |alert| Alert {
        rule: "mayday".into(),
        priority: Priority::Emergency,
        raised: NOW.plus(Span::s(3600)),
        rule_version: 2,
        ..alert
    },
    |alert| Alert { shadow: true, ..alert },
];

async fn with_alerts() -> Service {
    let mut service = Service::start().await;
    let event = |(n, made): (usize, &Made)| {
        let id = format!("alert-{n}").into();
        let alert = made(Alert {
            id,
            ..(*alert_row()).clone()
        });
        step(n as u64 + 1, Transition::Raised, Arc::new(alert))
    };
    service
        .tell(ALERTS.iter().enumerate().map(event).collect(), Vec::new())
        .await;
    service
}

/// The figures of a group: alerts, acknowledged, median and 95th of the seconds until then, judged, share of nuisance,
/// escalated, shelved.
fn figures(group: &Value) -> Value {
    let names = [
        "alerts",
        "acknowledged",
        "acknowledge_median_s",
        "acknowledge_p95_s",
        "judged",
        "nuisance_share",
        "escalated",
        "shelved",
    ];
    json!(names.map(|name| group[name].clone()))
}

#[tokio::test]
async fn alerts_are_counted_in_four_ways() {
    let service = with_alerts().await;
    let found = service.get(STATISTICS).await.json();
    let all = service.get("/api/v1/statistics").await.json();
    assert_eq!((&all["now"], &all["alerts"]), (&found["now"], &found));
    let speeding = json!([4, 3, 30.0, 200.0, 2, 0.5, 1, 1]);
    let one = json!([1, 0, null, null, 0, null, 0, 0]);
    assert_eq!(figures(&found["total"]), json!([5, 3, 30.0, 200.0, 2, 0.5, 1, 1]));
    assert_eq!(figures(&found["by_rule"]["harbour-speed"]), speeding);
    assert_eq!(
        figures(&found["by_rule"]["mayday"]),
        one,
        "it is no alarm that was a warning before"
    );
    assert_eq!(
        figures(&found["by_desk"]["liaoluo"]),
        json!([1, 0, null, null, 0, null, 0, 1])
    );
    assert_eq!(
        figures(&found["by_desk"]["none"]),
        json!([4, 3, 30.0, 200.0, 2, 0.5, 1, 0])
    );
    assert_eq!(figures(&found["by_hour"][HOUR]), speeding);
    assert_eq!(figures(&found["by_hour"]["09"]), one);
    assert_eq!(figures(&found["by_version"]["1"]), speeding);
    assert_eq!(figures(&found["by_version"]["2"]), one);

    let early = service
        .get(&format!("{STATISTICS}?to=2026-03-01T00:30:00Z"))
        .await
        .json();
    assert_eq!(figures(&early["total"]), speeding);
    let late = service
        .get(&format!("{STATISTICS}?from=2026-03-01T00:30:00Z"))
        .await
        .json();
    assert_eq!(figures(&late["total"]), one);
    assert_eq!(late["by_rule"].as_object().unwrap().len(), 1);
    let none = service
        .get(&format!("{STATISTICS}?from=2027-03-01T00:30:00Z"))
        .await
        .json();
    assert_eq!(figures(&none["total"]), json!([0, 0, null, null, 0, null, 0, 0]));
}

#[tokio::test]
async fn whether_an_alarm_was_escalated_is_told_by_the_rule_of_its_time() {
    let mut service = with_alerts().await;
    for (version, priority, escalated) in [(1, "alarm", 0), (1, "warning", 1), (2, "alarm", 0)] {
        let rule = json!({"id": "harbour-speed", "kind": "speed_limit", "limit_kn": 8, "priority": priority});
        service.tell_editions(edition(version, &json!([rule]))).await;
        let found = service.get(STATISTICS).await.json();
        assert_eq!(found["total"]["escalated"], escalated, "version {version} {priority}");
    }
}

#[tokio::test]
async fn they_are_told_as_csv_too() {
    let service = with_alerts().await;
    let wanted = "group,name,alerts,acknowledged,acknowledge_median_s,acknowledge_p95_s,judged,nuisance_share,escalated,shelved\n\
        total,,5,3,30,200,2,0.5,1,1\n\
        rule,harbour-speed,4,3,30,200,2,0.5,1,1\nrule,mayday,1,0,,,0,,0,0\n\
        desk,liaoluo,1,0,,,0,,0,1\ndesk,none,4,3,30,200,2,0.5,1,0\n\
        hour,08,4,3,30,200,2,0.5,1,1\nhour,09,1,0,,,0,,0,0\n\
        version,1,4,3,30,200,2,0.5,1,1\nversion,2,1,0,,,0,,0,0\n";
    for (query, headers) in [("?format=csv", &[][..]), ("", &[("Accept", "text/csv")][..])] {
        let reply = service.ask("GET", &format!("{STATISTICS}{query}"), headers, "").await;
        assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8"));
        assert_eq!(String::from_utf8(reply.body).unwrap(), wanted);
    }
    let both = service
        .ask(
            "GET",
            &format!("{STATISTICS}?format=json"),
            &[("Accept", "text/csv")],
            "",
        )
        .await;
    assert!(both.json()["total"].is_object(), "what is asked for by name counts");
}
