import { type Command, InvalidArgumentError, Option } from "commander";

import { profile, type ProfileName, profileNames } from "../load/profile.ts";
import { defaultExpectations } from "../load/verdict.ts";
import { type LoadModel, loadModels } from "../simulation/model.ts";
import type { SimulatedTier } from "../simulation/workspace.ts";
import { refuseIgnored } from "./refuseIgnored.ts";

interface CommonOptions {
    duration: number;
    concurrent: number;
    rps: number;
    profile: ProfileName;
    tier: SimulatedTier;
    settle: number;
    maxScaleSeconds: number;
    maxErrors: number;
    maxP95: number;
    report: string;
    svg?: boolean;
    cpuPerRequest?: number;
    memory?: number;
    startup?: number;
}

interface LoadTestOptions extends CommonOptions {
    kubeconfig?: string;
    context?: string;
    url?: string;
    spike?: boolean;
    monitor?: boolean;
    namespace?: string;
    simulate?: boolean;
    yes?: boolean;
}

interface SimulateOptions extends CommonOptions {
    set: string[];
}

function number(low: number, high: number, whole = true): (text: string) => number {
    return (text) => {
        const value = Number(text);
        if (text.trim() === "" || !(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
            throw new InvalidArgumentError(
                `It must be a ${whole ? "whole " : ""}number from ${low} to ${high}.`,
            );
        }
        return value;
    };
}

/** An option that an environment variable may set; an empty variable is none. */
function orVariable(option: Option, name: string): Option {
    return process.env[name] === "" ? option : option.env(name);
}

/** Options that a load test and a simulation share. The environment variables are those of the former script. */
function addCommonOptions(command: Command): Command {
    const { scaleSeconds, errorPercent, p95Ms } = defaultExpectations;
    return command
        .addOption(
            orVariable(new Option("-d, --duration <seconds>", "length of the load"), "DURATION")
                .default(300)
                .argParser(number(1, 86_400)),
        )
        .addOption(
            orVariable(
                new Option("-c, --concurrent <n>", "most connections at a time"),
                "CONCURRENT_REQUESTS",
            )
                .default(50)
                .argParser(number(1, 10_000)),
        )
        .addOption(
            orVariable(new Option("-r, --rps <n>", "requests per second in all"), "REQUESTS_PER_SECOND")
                .default(100)
                .argParser(number(1, 100_000)),
        )
        .addOption(
            new Option("--profile <name>", "how the load changes; spike has its own rates and length")
                .choices(profileNames)
                .default("constant"),
        )
        .addOption(
            new Option("--settle <seconds>", "watch on without load, until the fewest pods run")
                .default(0)
                .argParser(number(0, 86_400)),
        )
        .addOption(
            new Option("--max-scale-seconds <s>", "expected: seconds until enough pods are ready")
                .default(scaleSeconds)
                .argParser(number(1, 3600)),
        )
        .addOption(
            new Option("--max-errors <percent>", "expected: failed requests at most")
                .default(errorPercent)
                .argParser(number(0, 100, false)),
        )
        .addOption(
            new Option("--max-p95 <ms>", "expected: milliseconds that 95 % of requests stay below")
                .default(p95Ms)
                .argParser(number(1, 60_000)),
        )
        .option("--report <folder>", "folder of the report", "reports")
        .option("--svg", "also write the plots as SVG");
}

/** Options of a simulation's model. */
function addModelOptions(command: Command): Command {
    const { backend, frontend } = loadModels;
    return command
        .addOption(
            new Option("--tier <tier>", "simulated workload")
                .choices(["backend", "frontend"])
                .default("backend"),
        )
        .addOption(
            new Option(
                "--cpu-per-request <m>",
                `simulated milli-CPU for each request per second (${backend.cpuPerRequest}, frontend ${frontend.cpuPerRequest})`,
            ).argParser(number(0.01, 10_000, false)),
        )
        .addOption(
            new Option(
                "--memory <MiB>",
                `simulated memory of a pod (${backend.memory}, frontend ${frontend.memory})`,
            ).argParser(number(1, 100_000)),
        )
        .addOption(
            new Option(
                "--startup <seconds>",
                `simulated time until a pod is ready (${backend.startupSeconds}, frontend ${frontend.startupSeconds})`,
            ).argParser(number(0, 3600)),
        );
}

function model({ tier, cpuPerRequest, memory, startup }: CommonOptions): LoadModel {
    const base = loadModels[tier];
    return {
        ...base,
        cpuPerRequest: cpuPerRequest ?? base.cpuPerRequest,
        memory: memory ?? base.memory,
        startupSeconds: startup ?? base.startupSeconds,
    };
}

function common(stack: string, options: CommonOptions, signal: AbortSignal) {
    const { duration: seconds, concurrent: connections, rps: rate, settle } = options;
    return {
        stack,
        profile: profile(options.profile, { rate, seconds, connections }),
        settleSeconds: settle,
        expected: {
            scaleSeconds: options.maxScaleSeconds,
            errorPercent: options.maxErrors,
            p95Ms: options.maxP95,
        },
        folder: options.report,
        svg: options.svg === true,
        signal,
    };
}

async function runLoadTest(stack: string, options: LoadTestOptions, signal: AbortSignal): Promise<void> {
    const args = common(stack, options.spike ? { ...options, profile: "spike" } : options, signal);
    if (options.simulate) {
        const { runSimulations } = await import("../simulation/runSimulations.ts");
        await runSimulations({ ...args, tier: options.tier, model: model(options), settings: [] });
        return;
    }
    const { loadTest } = await import("../load/loadTest.ts");
    const { url, namespace, yes = false, kubeconfig, context } = options;
    await loadTest({
        ...args,
        profile: options.monitor ? undefined : args.profile,
        ...{ url, namespace, yes },
        ...(kubeconfig !== undefined && { kubeconfig }),
        ...(context !== undefined && { context }),
    });
}

async function runSimulate(stack: string, options: SimulateOptions, signal: AbortSignal): Promise<void> {
    const { runSimulations } = await import("../simulation/runSimulations.ts");
    await runSimulations({
        ...common(stack, options, signal),
        tier: options.tier,
        model: model(options),
        settings: options.set,
    });
}

/** Options that say how the load changes, of a profile that leaves that open. */
const loadOptions = ["duration", "concurrent", "rps"];
const modelOptions = ["tier", "cpuPerRequest", "memory", "startup"];
const expectationOptions = ["maxScaleSeconds", "maxErrors", "maxP95"];

function refuseIgnoredOptions(command: Command): void {
    const options = command.opts<Partial<LoadTestOptions>>();
    if (options.spike) refuseIgnored(command, "with --spike", loadOptions);
    if (options.profile === "spike") refuseIgnored(command, "with --profile spike", loadOptions);
    if (options.monitor) {
        const others = ["url", "yes", "profile", "settle"];
        refuseIgnored(command, "with --monitor", [...others, ...loadOptions, ...expectationOptions]);
    }
    if (command.name() === "simulate") return;
    if (options.simulate) {
        refuseIgnored(command, "with --simulate", ["url", "yes", "namespace", "kubeconfig", "context"]);
    } else refuseIgnored(command, "without --simulate", modelOptions);
}

/** `load-test <env>` and `simulate [env]`. */
export function addLoadCommands(program: Command, signal: AbortSignal): void {
    const loadTest = program
        .command("load-test")
        .description("load a stack and watch it scale, or simulate that; report and verdict at the end")
        .argument("<env>", "stack: local, dev, prod or another with a Pulumi.<env>.yaml")
        .addOption(
            orVariable(new Option("-u, --url <url>", "target instead of the stack's API host"), "TARGET_URL"),
        )
        .addOption(new Option("-s, --spike", "the same as --profile spike").conflicts(["monitor", "profile"]))
        .option("-m, --monitor", "only watch, until Ctrl-C")
        .addOption(
            orVariable(
                new Option("-n, --namespace <name>", "namespace of the workloads (the configuration's)"),
                "NAMESPACE",
            ),
        )
        .addOption(
            new Option(
                "--simulate",
                "on an embedded cluster of its own, without sending a request",
            ).conflicts("monitor"),
        )
        .option("--kubeconfig <file>", "kubeconfig to use instead of the stack's or kubectl's")
        .option("--context <name>", "context in it")
        .option("-y, --yes", "load a target that is no host of the stack, or a protected stack");
    addModelOptions(addCommonOptions(loadTest))
        .hook("preAction", refuseIgnoredOptions)
        .action((stack: string, options: LoadTestOptions) => runLoadTest(stack, options, signal));
    const simulate = program
        .command("simulate")
        .description("simulate a stack under load, beside the same stack with other settings")
        .argument("[env]", "stack whose settings are used", "local")
        .option(
            "--set <key=value>",
            "change a key of the configuration, as in app.backend.autoscaling.maxReplicas=20; can be repeated",
            (value: string, all: string[]) => [...all, value],
            [],
        );
    addModelOptions(addCommonOptions(simulate))
        .hook("preAction", refuseIgnoredOptions)
        .action((stack: string, options: SimulateOptions) => runSimulate(stack, options, signal));
}
