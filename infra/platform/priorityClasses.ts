import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface PriorityClassesArgs {
    /** Beginning of the names, each of which a cluster has once: the application's namespace. */
    prefix: string;
}

/** Pods without a class have 0, the controllers of a cluster two billion. */
const values = {
    // A fixed number of pods, and what one looks at when there is no room for the others.
    monitoring: 2000,
    app: 1000,
} as const;

/**
 * Who gets room first, and who is the last to go when a node runs out of memory. No pod is ended to make room for another:
 * node pools hold all of them at their most, and in a shared cluster those would be somebody else's.
 */
export class PriorityClasses extends pulumi.ComponentResource {
    /** Name of the application's class; resolved when it exists. */
    readonly app: pulumi.Output<string>;
    /** Name of monitoring's class; resolved when it exists. */
    readonly monitoring: pulumi.Output<string>;

    constructor(name: string, { prefix }: PriorityClassesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spywatcher:platform:PriorityClasses", name, {}, opts);
        const priorityClass = (of: keyof typeof values): pulumi.Output<string> =>
            new k8s.scheduling.v1.PriorityClass(
                `${name}-${of}`,
                {
                    metadata: { name: `${prefix}-${of}` },
                    value: values[of],
                    preemptionPolicy: "Never",
                    description: `Pods of ${of === "app" ? "the application and its data stores" : "monitoring"}.`,
                },
                // The API server lets neither be changed.
                {
                    parent: this,
                    replaceOnChanges: ["value", "preemptionPolicy"],
                    deleteBeforeReplace: true,
                },
            ).metadata.name;
        this.app = priorityClass("app");
        this.monitoring = priorityClass("monitoring");
        this.registerOutputs({});
    }
}
