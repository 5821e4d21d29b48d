#!/usr/bin/env python3
"""Makes of the manifest for Kubernetes one that podman can play on this machine.

    pod.py IMAGE RELAY-PORT < kubernetes.yaml

The images become the one under test, the API server's container sleeps, and the pod's network is the machine's,
with a relay on loopback. What podman 4 does not know, or what belongs to a cluster, goes: envFrom stays, and so do
users, capabilities, probes, secrets and volumes.
"""
import base64
import sys

import yaml

image, port = sys.argv[1:]
documents = list(yaml.safe_load_all(sys.stdin))
for document in documents:
    if document["kind"] == "ConfigMap":
        document["data"]["OUTBOXD_SMTP_URL"] = f"smtp://outboxd@127.0.0.1:{port}"
        document["data"]["OUTBOXD_HOLD"] = "1s"
    if document["kind"] == "Secret":
        # podman 4.3 reads no stringData.
        plain = document.pop("stringData")
        document["data"] = {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}
    if document["kind"] == "PersistentVolumeClaim":
        document["spec"]["accessModes"] = ["ReadWriteOnce"]
    if document["kind"] == "Deployment":
        pod = document["spec"]["template"]["spec"]
        pod["hostNetwork"] = True
        # podman 4.3 would start the init container again, too.
        pod["restartPolicy"] = "OnFailure"
        for volume in pod["volumes"]:
            if "secret" in volume:
                # podman 4.3 takes it for given.
                volume["secret"]["optional"] = False
        for container in pod["initContainers"] + pod["containers"]:
            container["image"] = image
            container["imagePullPolicy"] = "Never"
            if container["name"] == "api":
                container["command"] = ["sleep", "3600"]
                container["envFrom"] = [{"configMapRef": {"name": "outboxd"}}]
yaml.safe_dump_all(documents, sys.stdout)
