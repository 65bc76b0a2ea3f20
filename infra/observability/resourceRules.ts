import { type AlertRule, alertRule, type RuleGroup } from "./alertRule.ts";
import { recorded } from "./recordingRules.ts";
import type { RuleArgs } from "./ruleArgs.ts";

const container = "{{ $labels.container }} in {{ $labels.namespace }}/{{ $labels.pod }}";

/** Use of CPU and memory, over the limit. The limit, because the HPA already looks at use over the request. */
export function resourceRules(args: RuleArgs): RuleGroup<AlertRule> {
    const { sustainedCpu, sustainedMemory, nearCpuLimit, nearMemoryLimit } = args.thresholds;
    const own = `{namespace="${args.namespace}"}`;
    // One pod's use says little over half an hour, in which pods come and go; the workload's does.
    const perWorkload = (series: string) => `avg by (namespace, container) (${series}${own})`;
    const workload = "the {{ $labels.container }} pods in {{ $labels.namespace }}";
    return {
        name: "spywatcher-resources",
        rules: [
            alertRule(args, {
                alert: "SustainedHighCPUUsage",
                expr: `${perWorkload(recorded.cpuOfLimit)} > ${sustainedCpu}`,
                for: "30m",
                severity: "warning",
                summary: "A workload's CPU use has been high for half an hour.",
                description: `On average ${workload} use {{ $value | humanizePercentage }} of their CPU limit.`,
            }),
            alertRule(args, {
                alert: "SustainedHighMemoryUsage",
                expr: `${perWorkload(recorded.memoryOfLimit)} > ${sustainedMemory}`,
                for: "30m",
                severity: "warning",
                summary: "A workload's memory use has been high for half an hour.",
                description: `On average ${workload} use {{ $value | humanizePercentage }} of their memory limit.`,
            }),
            alertRule(args, {
                alert: "NearCPULimit",
                expr: `${recorded.cpuOfLimit}${own} > ${nearCpuLimit}`,
                for: "5m",
                severity: "critical",
                summary: "A container is about to be throttled.",
                description: `${container} uses {{ $value | humanizePercentage }} of its CPU limit.`,
            }),
            alertRule(args, {
                alert: "NearMemoryLimit",
                expr: `${recorded.memoryOfLimit}${own} > ${nearMemoryLimit}`,
                for: "5m",
                severity: "critical",
                summary: "A container is about to be killed for its memory use.",
                description: `${container} uses {{ $value | humanizePercentage }} of its memory limit.`,
            }),
        ],
    };
}
