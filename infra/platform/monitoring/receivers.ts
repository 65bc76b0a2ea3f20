import type * as pulumi from "@pulumi/pulumi";

/** Somebody who is told of alerts. The name is unique, and that of a receiver in Alertmanager. */
export type Receiver = { readonly name: string } & (
    | {
          /** Channels that are posted to by an incoming webhook, and a service that is told by an integration key. */
          readonly kind: "discord" | "slack" | "pagerduty";
      }
    | EmailReceiver
    | {
          /** The topic that AWS's own alarms go to. */
          readonly kind: "sns";
      }
);

interface EmailReceiver {
    readonly kind: "email";
    /** Address that mail goes to. */
    readonly to: string;
    /** Address that mail comes from. */
    readonly from: string;
    /** Server that takes the mail. It must offer TLS. */
    readonly smarthost: { readonly host: string; readonly port: number };
    /** Whom to log in as. Default: the server asks for no login. */
    readonly username?: string | undefined;
}

/** Whether a receiver has a secret: the webhook's URL, the integration key or the password. */
export function hasSecret(receiver: Receiver): boolean {
    if (receiver.kind === "email") return receiver.username !== undefined;
    return receiver.kind !== "sns";
}

/** Where Alertmanager finds the receivers' secrets, each in a file of the receiver's name. */
export const secretsFolder = "/etc/alertmanager/receivers";

/** Path of the file with the secret of a receiver. */
export function secretFile(name: string): string {
    return `${secretsFolder}/${name}`;
}

/** A receiver's secret as its file holds it. */
export function secretContent({ kind }: Receiver, secret: string): string {
    // The operator (0.93) refuses discord_configs with a file. Discord takes Slack's messages at this address.
    return kind === "discord" ? `${secret}/slack` : secret;
}

/** Alerts of one message that are written out. Discord refuses more than 4096 characters. */
const shownAlerts = 5;

const title =
    '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }} {{ .CommonLabels.namespace }}';

const text = [
    `{{ range $index, $alert := .Alerts }}{{ if lt $index ${shownAlerts} }}`,
    "{{ $alert.Annotations.summary }} {{ $alert.Annotations.description }}",
    "{{ with $alert.Annotations.runbook_url }}\nRunbook: {{ . }}{{ end }}\n",
    `{{ end }}{{ end }}{{ if gt (len .Alerts) ${shownAlerts} }}Alerts in all: {{ len .Alerts }}{{ end }}`,
].join("");

/** The topic that AWS's own alarms go to. */
export interface Topic {
    readonly arn: pulumi.Input<string>;
    readonly region: string;
}

/** Alertmanager's configuration of one receiver. */
export function receiverConfig(receiver: Receiver, topic: Topic | undefined) {
    const { name } = receiver;
    // Alertmanager's own defaults differ from kind to kind.
    const common = { send_resolved: true };
    switch (receiver.kind) {
        case "discord":
        case "slack":
            return {
                name,
                slack_configs: [
                    {
                        ...common,
                        api_url_file: secretFile(name),
                        title,
                        // Alertmanager's address is one inside the cluster, which Discord refuses. An empty text would
                        // be left out by the operator.
                        title_link: '{{ "" }}',
                        text,
                        color: '{{ if eq .Status "firing" }}#d1242f{{ else }}#1a7f37{{ end }}',
                    },
                ],
            };
        case "pagerduty":
            return {
                name,
                pagerduty_configs: [
                    {
                        ...common,
                        routing_key_file: secretFile(name),
                        description: title,
                        severity:
                            '{{ if eq .CommonLabels.severity "critical" }}critical{{ else }}warning{{ end }}',
                    },
                ],
            };
        case "email":
            return {
                name,
                email_configs: [
                    {
                        ...common,
                        to: receiver.to,
                        from: receiver.from,
                        smarthost: `${receiver.smarthost.host}:${receiver.smarthost.port}`,
                        require_tls: true,
                        ...(receiver.username !== undefined && {
                            auth_username: receiver.username,
                            auth_password_file: secretFile(name),
                        }),
                    },
                ],
            };
        case "sns":
            if (!topic) throw new Error(`the receiver ${name} needs a topic`);
            return {
                name,
                sns_configs: [
                    {
                        ...common,
                        topic_arn: topic.arn,
                        sigv4: { region: topic.region },
                        // SNS refuses more than 100 characters.
                        subject: "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }}",
                        message: text,
                    },
                ],
            };
    }
}
