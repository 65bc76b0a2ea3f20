import assert from "node:assert/strict";

import { planOf } from "../support/plans.ts";
import { releaseValues } from "../support/releases.ts";

const volume = {
    monitoring: {
        grafana: { storage: "5Gi", ingress: { host: "grafana.example.com", inboundCidrs: ["10.0.0.0/8"] } },
    },
};

const values = async (change = {}) => releaseValues(await planOf("prod", change), "kube-prometheus-stack");

describe("Grafana", () => {
    it("has its password in a Secret and its dashboards in ConfigMaps, and reads no other Secret", async () => {
        const { grafana } = await values();
        assert.match(grafana.admin.existingSecret, /^grafana-admin-[0-9a-f]{10}$/);
        assert.deepEqual(
            { ...grafana, admin: undefined },
            {
                admin: undefined,
                enabled: true,
                rbac: { useExistingClusterRole: "grafana-dashboard-reader" },
                testFramework: { enabled: false },
                initChownData: { enabled: false },
                "grafana.ini": {
                    analytics: {
                        check_for_updates: false,
                        check_for_plugin_updates: false,
                        reporting_enabled: false,
                    },
                    plugins: { preinstall_auto_update: false },
                },
                resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "512Mi" } },
                priorityClassName: "spywatcher-monitoring",
                sidecar: {
                    resources: { requests: { cpu: "20m", memory: "192Mi" }, limits: { memory: "192Mi" } },
                    dashboards: {
                        enabled: true,
                        resource: "configmap",
                        label: "grafana_dashboard",
                        labelValue: "1",
                        searchNamespace: "ALL",
                        folderAnnotation: "grafana_folder",
                        provider: { foldersFromFilesStructure: true },
                    },
                    datasources: { enabled: true, resource: "configmap" },
                },
                additionalDataSources: [
                    {
                        name: "CloudWatch",
                        type: "cloudwatch",
                        uid: "cloudwatch",
                        access: "proxy",
                        editable: false,
                        jsonData: { authType: "default", defaultRegion: "us-east-1" },
                    },
                ],
            },
        );
    });

    it("ends before its successor starts when it has a volume", async () => {
        const { grafana } = await values(volume);
        assert.deepEqual(grafana.persistence, { enabled: true, size: "5Gi", storageClassName: "gp3" });
        assert.deepEqual(grafana.deploymentStrategy, { type: "Recreate" });
        assert.deepEqual(grafana["grafana.ini"].server, { root_url: "https://grafana.example.com" });
    });

    it("can be left out", async () => {
        const { grafana } = await values({ monitoring: { grafana: { enabled: false } } });
        assert.deepEqual(grafana, { enabled: false });
    });
});
