//! Checks of the Kubernetes manifests, the Prometheus rules and the Grafana dashboards in `k8s/`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use k8s_openapi::api::{
    apps::v1::{DaemonSet, Deployment},
    autoscaling::v2::HorizontalPodAutoscaler,
    core::v1::{
        ConfigMap, Container, Namespace, PersistentVolumeClaim, PodSpec, Secret, Service,
        ServiceAccount,
    },
    networking::v1::NetworkPolicy,
    policy::v1::PodDisruptionBudget,
    rbac::v1::{ClusterRole, ClusterRoleBinding},
};
use promql_parser::{
    label::METRIC_NAME,
    parser::{self, Expr},
    util::{ExprVisitor, walk_expr},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use shared::clock::Clock;

use crate::{
    database::Database,
    site::{NOW, Site, Transport, event, moment},
};

/// The metrics in rules and dashboards that the site in the test does not export: those of Kubernetes
/// (kube-state-metrics, kubelet and cAdvisor, node-exporter), of Prometheus, and of a listening process.
const EXTERNAL_METRICS: [&str; 19] = [
    "ALERTS",
    "container_cpu_usage_seconds_total",
    "container_memory_working_set_bytes",
    "container_network_receive_bytes_total",
    "container_network_transmit_bytes_total",
    "kube_deployment_spec_replicas",
    "kube_deployment_status_replicas_available",
    "kube_pod_container_resource_limits",
    "kube_pod_container_status_restarts_total",
    "kubelet_volume_stats_available_bytes",
    "kubelet_volume_stats_capacity_bytes",
    "node_cpu_seconds_total",
    "node_filesystem_avail_bytes",
    "node_filesystem_size_bytes",
    "node_memory_MemAvailable_bytes",
    "node_memory_MemTotal_bytes",
    "process_open_fds",
    "process_start_time_seconds",
    "up",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../k8s")
}

fn read(file: &str) -> String {
    fs::read_to_string(folder().join(file)).unwrap()
}

/// Returns every object in a YAML file of `k8s/`.
fn objects(file: &str) -> Vec<Value> {
    let text = read(file);
    serde_norway::Deserializer::from_str(&text)
        .map(|object| Value::deserialize(object).unwrap_or_else(|error| panic!("{file}: {error}")))
        .collect()
}

const MANIFESTS: [&str; 4] = [
    "deployment.yaml",
    "namespaces.yaml",
    "prometheus.yaml",
    "secret.yaml",
];

/// Converts an object to its Kubernetes type `T`, and panics at unknown fields.
fn typed<T: DeserializeOwned>(object: &Value) -> T {
    let mut unknown = Vec::new();
    let object_typed = serde_ignored::deserialize(object, |path| unknown.push(path.to_string()));
    assert_eq!(unknown, Vec::<String>::new(), "in {}", name(object));
    object_typed.unwrap_or_else(|error| panic!("{}: {error}", name(object)))
}

fn name(object: &Value) -> String {
    format!("{} {}", object["kind"], object["metadata"]["name"])
}

#[test]
fn every_manifest_matches_its_kubernetes_schema() {
    for object in MANIFESTS.iter().flat_map(|file| objects(file)) {
        let version = object["apiVersion"].as_str().unwrap();
        match (version, object["kind"].as_str().unwrap()) {
            ("apps/v1", "DaemonSet") => drop(typed::<DaemonSet>(&object)),
            ("apps/v1", "Deployment") => drop(typed::<Deployment>(&object)),
            ("autoscaling/v2", "HorizontalPodAutoscaler") => {
                drop(typed::<HorizontalPodAutoscaler>(&object));
            }
            ("networking.k8s.io/v1", "NetworkPolicy") => drop(typed::<NetworkPolicy>(&object)),
            ("policy/v1", "PodDisruptionBudget") => drop(typed::<PodDisruptionBudget>(&object)),
            ("rbac.authorization.k8s.io/v1", "ClusterRole") => drop(typed::<ClusterRole>(&object)),
            ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding") => {
                drop(typed::<ClusterRoleBinding>(&object));
            }
            ("v1", "ConfigMap") => drop(typed::<ConfigMap>(&object)),
            ("v1", "Namespace") => drop(typed::<Namespace>(&object)),
            ("v1", "PersistentVolumeClaim") => drop(typed::<PersistentVolumeClaim>(&object)),
            ("v1", "Secret") => drop(typed::<Secret>(&object)),
            ("v1", "Service") => drop(typed::<Service>(&object)),
            ("v1", "ServiceAccount") => drop(typed::<ServiceAccount>(&object)),
            other => panic!("{other:?} is not checked here"),
        }
    }
}

/// Returns the pod specifications in the manifests, each with the name of the object that contains it.
fn pods() -> Vec<(String, PodSpec)> {
    let objects = MANIFESTS.iter().flat_map(|file| objects(file));
    let pod = |object: Value| {
        let spec = object
            .pointer("/spec/template/spec")
            .or_else(|| object.pointer("/spec/jobTemplate/spec/template/spec"))?;
        Some((name(&object), typed(spec)))
    };
    objects.filter_map(pod).collect()
}

fn containers(pod: &PodSpec) -> impl Iterator<Item = &Container> {
    pod.init_containers.iter().flatten().chain(&pod.containers)
}

#[test]
fn containers_run_with_least_privilege_and_resource_limits() {
    for (name, pod) in pods() {
        let security = pod.security_context.as_ref().unwrap();
        assert_eq!(security.run_as_non_root, Some(true), "{name}");
        assert!(security.run_as_user.unwrap() > 0, "{name}");
        assert_eq!(
            security.seccomp_profile.as_ref().unwrap().type_,
            "RuntimeDefault",
            "{name}"
        );
        assert!(
            pod.automount_service_account_token.is_some(),
            "{name} does not set automountServiceAccountToken"
        );
        for container in containers(&pod) {
            let security = container.security_context.as_ref().unwrap();
            assert_eq!(security.allow_privilege_escalation, Some(false), "{name}");
            assert_eq!(security.read_only_root_filesystem, Some(true), "{name}");
            let dropped = &security.capabilities.as_ref().unwrap().drop;
            assert_eq!(dropped.as_deref(), Some(&["ALL".to_owned()][..]), "{name}");
            let resources = container.resources.as_ref().unwrap();
            assert!(
                resources.requests.as_ref().unwrap().contains_key("cpu"),
                "{name}"
            );
            assert!(
                resources.limits.as_ref().unwrap().contains_key("memory"),
                "{name}"
            );
            let (_, tag) = container.image.as_ref().unwrap().rsplit_once(':').unwrap();
            assert!(tag.contains(|char: char| char.is_ascii_digit()), "{name}");
        }
    }
}

#[test]
fn the_object_names_and_ports_of_the_old_manifests_are_unchanged() {
    let objects = objects("deployment.yaml");
    let find = |kind: &str| {
        let found = objects.iter().find(|object| object["kind"] == kind);
        found.unwrap_or_else(|| panic!("no {kind}"))
    };
    let (service, deployment): (Service, Deployment) =
        (typed(find("Service")), typed(find("Deployment")));
    assert_eq!(
        service.metadata.name.as_deref(),
        Some("encontros-tech-service")
    );
    let spec = service.spec.unwrap();
    assert_eq!(spec.type_.as_deref(), Some("LoadBalancer"));
    assert_eq!(spec.ports.unwrap()[0].port, 80);
    assert_eq!(deployment.metadata.name.as_deref(), Some("encontros-tech"));
    let pod = deployment.spec.unwrap().template.spec.unwrap();
    assert_eq!(
        pod.containers[0].ports.as_ref().unwrap()[0].container_port,
        8000
    );
    for container in containers(&pod) {
        let environment = container.env.as_ref().unwrap();
        let source = environment[0].value_from.as_ref().unwrap();
        let secret = source.secret_key_ref.as_ref().unwrap();
        assert_eq!(
            (&*secret.name, &*secret.key),
            ("encontros-tech-db-secret", "DATABASE_URL")
        );
    }
    let scaler: HorizontalPodAutoscaler = typed(find("HorizontalPodAutoscaler"));
    assert_eq!(scaler.spec.unwrap().min_replicas, Some(2));
}

#[test]
fn the_secret_manifest_contains_only_a_placeholder() {
    for file in MANIFESTS {
        for object in objects(file) {
            if object["kind"] == "Secret" {
                assert_eq!(
                    object["stringData"]["DATABASE_URL"],
                    "postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full"
                );
            }
        }
    }
}

#[test]
fn prometheus_yaml_contains_the_current_rules_and_dashboards() {
    let maps = objects("prometheus.yaml");
    let data = |name: &str| {
        let map = maps
            .iter()
            .find(|object| object["kind"] == "ConfigMap" && object["metadata"]["name"] == name);
        map.unwrap()["data"].clone()
    };
    let hint = "run k8s/generate-configmaps to regenerate it";
    assert_eq!(
        data("prometheus-rules")["rules.yaml"],
        read("rules.yaml"),
        "{hint}"
    );
    let dashboards = data("grafana-dashboards");
    for file in ["service.json", "system.json"] {
        assert_eq!(
            dashboards[file],
            read(&format!("dashboards/{file}")),
            "{hint}"
        );
    }
}

/// Returns the expressions of the Prometheus recording rules (`record`) or alerts (`alert`), by name.
fn rules(kind: &str) -> BTreeMap<String, String> {
    let rules = &objects("rules.yaml")[0];
    let rules = rules["groups"].as_array().unwrap().iter();
    rules
        .flat_map(|group| group["rules"].as_array().unwrap())
        .filter_map(|rule| {
            let text = |name: &str| rule[name].as_str().map(str::to_owned);
            Some((text(kind)?, text("expr").unwrap()))
        })
        .collect()
}

/// Returns the Prometheus expressions of the dashboards, with Grafana's variables replaced, for all namespaces.
fn dashboard_expressions() -> Vec<String> {
    let mut found = Vec::new();
    for file in ["service.json", "system.json"] {
        let dashboard: Value = serde_json::from_str(&read(&format!("dashboards/{file}"))).unwrap();
        for panel in dashboard["panels"].as_array().unwrap() {
            assert!(panel["description"].is_string(), "{}", panel["title"]);
            for target in panel["targets"].as_array().unwrap() {
                let expression = target["expr"].as_str().unwrap();
                found.push(
                    expression
                        .replace("$__rate_interval", "1m")
                        .replace("$namespace", ".+"),
                );
            }
        }
    }
    found
}

/// The names of the metrics found so far in Prometheus expressions.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl ExprVisitor for Names {
    type Error = String;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, String> {
        let selector = match expr {
            Expr::VectorSelector(selector) => selector,
            Expr::MatrixSelector(selector) => &selector.vs,
            _ => return Ok(true),
        };
        let by_label = selector.matchers.find_matchers(METRIC_NAME);
        let names = selector.name.clone().into_iter();
        self.0
            .extend(names.chain(by_label.into_iter().map(|matcher| matcher.value)));
        Ok(true)
    }
}

fn names(expression: &str) -> BTreeSet<String> {
    let parsed = parser::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let mut names = Names::default();
    walk_expr(&mut names, &parsed).unwrap();
    names.0
}

#[tokio::test]
async fn rules_and_dashboards_use_only_existing_metrics() {
    let clock = Clock::stopped(moment(NOW));
    let site = Site::with_transport(Transport::Router, Database::migrated().await, clock, &[]);
    site.given(event("Counted")).await;
    let text = site.get("/metrics").await.text();
    let exported = text.lines().filter(|line| !line.starts_with('#'));
    let mut known: BTreeSet<String> = exported
        .filter_map(|line| line.split(['{', ' ']).next().map(str::to_owned))
        .collect();
    known.extend(EXTERNAL_METRICS.map(str::to_owned));
    let recorded = rules("record");
    known.extend(recorded.keys().cloned());

    let expressions = recorded.into_values().chain(rules("alert").into_values());
    for expression in expressions.chain(dashboard_expressions()) {
        let names = names(&expression);
        assert!(
            names.is_subset(&known),
            "{:?} in {expression}",
            names.difference(&known)
        );
    }
}

#[test]
fn every_alert_is_documented_and_tested() {
    let (readme, tests) = (read("README.md"), read("rules.test.yaml"));
    for alert in rules("alert").keys() {
        assert!(
            readme.contains(&format!("`{alert}`")),
            "README.md does not describe {alert}"
        );
        let test = format!("alertname: {alert}\n        exp_alerts:");
        assert!(
            tests.contains(&test),
            "rules.test.yaml does not test {alert}"
        );
    }
}
