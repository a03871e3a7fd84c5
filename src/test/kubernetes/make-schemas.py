"""Makes the JSON schemas kubeconform checks the chart with, out of Kubernetes' own API description.

    go mod download k8s.io/kubernetes@v1.37.2 github.com/prometheus-operator/prometheus-operator@v0.85.0
    pip install pyyaml
    python3 src/test/kubernetes/make-schemas.py "$(go env GOMODCACHE)"

One file a kind, with what it refers to and nothing else; descriptions are left out, and a property Kubernetes does
not know is refused, so that a misspelt one is found. Only the kinds the chart uses are made: add a kind here first.
Both sources are under the Apache License 2.0.
"""
import json
import pathlib
import sys

import yaml

KUBERNETES = "k8s.io/kubernetes@v1.37.2/api/openapi-spec/swagger.json"
SERVICE_MONITOR = ("github.com/prometheus-operator/prometheus-operator@v0.85.0/example/prometheus-operator-crd/"
                   "monitoring.coreos.com_servicemonitors.yaml")
KINDS = {
    "deployment-apps-v1": "io.k8s.api.apps.v1.Deployment",
    "statefulset-apps-v1": "io.k8s.api.apps.v1.StatefulSet",
    "service-v1": "io.k8s.api.core.v1.Service",
    "secret-v1": "io.k8s.api.core.v1.Secret",
    "configmap-v1": "io.k8s.api.core.v1.ConfigMap",
    "serviceaccount-v1": "io.k8s.api.core.v1.ServiceAccount",
    "pod-v1": "io.k8s.api.core.v1.Pod",
    "persistentvolumeclaim-v1": "io.k8s.api.core.v1.PersistentVolumeClaim",
    "networkpolicy-networking-v1": "io.k8s.api.networking.v1.NetworkPolicy",
    "poddisruptionbudget-policy-v1": "io.k8s.api.policy.v1.PodDisruptionBudget",
}
PREFIX = "#/definitions/"


def strict(schema, open_object=False):
    """A copy without descriptions in which an object takes only the properties it names."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    drop = {"description", "default", "example"}
    out = {}
    for key, value in schema.items():
        if key == "properties":
            out[key] = {name: strict(part) for name, part in value.items()}
        elif key not in drop and not key.startswith("x-kubernetes"):
            out[key] = strict(value)
    if "properties" in out and "additionalProperties" not in out and not open_object:
        out["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string") or schema.get("format") == "int-or-string":
        out = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
    return out


def references(schema):
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.removeprefix(PREFIX)
            else:
                yield from references(value)
    elif isinstance(schema, list):
        for part in schema:
            yield from references(part)


def with_definitions(root, definitions):
    needed, open_names = {}, list(references(root))
    while open_names:
        name = open_names.pop()
        if name not in needed:
            needed[name] = definition(name, definitions)
            open_names.extend(references(needed[name]))
    return {**root, "definitions": dict(sorted(needed.items()))}


def definition(name, definitions):
    if name.endswith(("Quantity", "IntOrString")):
        return {"oneOf": [{"type": "string"}, {"type": "number"}]}
    return strict(definitions[name])


def write(name, schema):
    path = pathlib.Path(__file__).parent / "schemas" / (name + ".json")
    path.write_text(json.dumps(schema, separators=(",", ":"), sort_keys=True) + "\n")
    print(path, path.stat().st_size)


cache = pathlib.Path(sys.argv[1])
swagger = json.loads((cache / KUBERNETES).read_text())["definitions"]
for file_name, full_name in KINDS.items():
    kind = strict(swagger[full_name])
    kind["required"] = sorted({*kind.get("required", []), "apiVersion", "kind", "metadata"})
    write(file_name, with_definitions(kind, swagger))
crd = yaml.safe_load((cache / SERVICE_MONITOR).read_text())
monitor = strict(crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
monitor["properties"]["metadata"] = {"$ref": PREFIX + "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
write("servicemonitor-monitoring-v1", with_definitions(monitor, swagger))
