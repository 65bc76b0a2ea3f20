export interface EksKubeconfigArgs {
    clusterName: string;
    region: string;
    /** URL of the API server. */
    endpoint: string;
    /** The cluster's certificate authority, in base64. */
    certificateAuthority: string;
    /** IAM role that is assumed to get the token. */
    roleArn: string;
}

/** A kubeconfig, as JSON, whose user is a role: it holds no credentials and names no profile of somebody's machine. */
export function eksKubeconfig(args: EksKubeconfigArgs): string {
    const name = args.clusterName;
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": name,
        clusters: [
            {
                name,
                cluster: {
                    server: args.endpoint,
                    "certificate-authority-data": args.certificateAuthority,
                },
            },
        ],
        contexts: [{ name, context: { cluster: name, user: name } }],
        users: [
            {
                name,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "aws",
                        args: [
                            ...["--region", args.region],
                            ...["eks", "get-token", "--output", "json"],
                            ...["--cluster-name", args.clusterName],
                            ...["--role-arn", args.roleArn],
                        ],
                        interactiveMode: "Never",
                    },
                },
            },
        ],
    });
}
