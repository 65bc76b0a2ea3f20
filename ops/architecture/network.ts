import { listAt, ofType, textAt, zones } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";
import type { Box } from "./model.ts";

/** The VPC as titles of frames. */
export interface Subnets {
    readonly vpc: string;
    readonly public: string;
    readonly private: string;
    readonly isolated: string;
}

/** Titles of the VPC and its subnets, or undefined when the plan makes no network. */
export function subnets(plan: Plan): Subnets | undefined {
    const [vpc] = ofType(plan, "awsx:ec2:Vpc");
    if (!vpc) return undefined;
    const blocks = (type: string): string =>
        listAt(vpc.inputs, "subnetSpecs")
            .filter((spec) => textAt(spec, "type") === type)
            .flatMap((spec) => listAt(spec, "cidrBlocks").map(String))
            .join(", ");
    return {
        vpc: `VPC ${textAt(vpc.inputs, "cidrBlock") ?? ""}, zones ${zones(plan).join(", ")}`,
        public: `Public subnets ${blocks("Public")}`,
        private: `Private subnets ${blocks("Private")}`,
        isolated: `Database subnets, no way out: ${blocks("Isolated")}`,
    };
}

/** The boxes of the public subnets beside the load balancer. */
export function natGateways(plan: Plan): Box[] {
    const count = ofType(plan, "aws:ec2/natGateway:NatGateway").length;
    if (count === 0) return [];
    const title = count === 1 ? "NAT gateway" : `${count} NAT gateways`;
    const reach = count === 1 ? "for all zones" : "one in each zone";
    return [{ id: "nat", kind: "edge", title, lines: [reach, "one fixed address each"] }];
}

/** Ways to AWS services without the internet. */
export function endpoints(plan: Plan): Box[] {
    const services = ofType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").map(
        ({ inputs }) =>
            `${textAt(inputs, "serviceName")?.split(".").slice(3).join(".") ?? ""} (${textAt(inputs, "vpcEndpointType")?.toLowerCase() ?? ""})`,
    );
    if (services.length === 0) return [];
    return [{ id: "endpoints", kind: "support", title: "VPC endpoints", lines: services }];
}

/** The oldest TLS version of a security policy that says it, such as `ELBSecurityPolicy-TLS13-1-2-2021-06`. */
function tls(sslPolicy: string): string {
    const oldest = /TLS13-(1-[0-3])-/.exec(sslPolicy)?.[1];
    return oldest === undefined ? sslPolicy : `TLS ${oldest.replace("-", ".")} or newer`;
}

/** The load balancer that the Ingresses make: the controller takes the first, and others in the same group join it. */
export function loadBalancer(plan: Plan): Box[] {
    const [ingress] = ofType(plan, "kubernetes:networking.k8s.io/v1:Ingress");
    if (!ingress) return [];
    const annotation = (name: string): string[] => {
        const text = textAt(ingress.inputs, "metadata", "annotations", `alb.ingress.kubernetes.io/${name}`);
        return text === undefined ? [] : [text];
    };
    const hosts = listAt(ingress.inputs, "spec", "rules").flatMap((rule) => textAt(rule, "host") ?? []);
    const properties = [...annotation("scheme"), ...annotation("ssl-policy").map(tls)];
    return [
        {
            id: "load-balancer",
            kind: "edge",
            title: "Application Load Balancer",
            lines: [...hosts, properties.join(", ")],
        },
    ];
}

/** The web ACL in front of the load balancer. */
export function webAcls(plan: Plan): Box[] {
    return ofType(plan, "aws:wafv2/webAcl:WebAcl").map(({ inputs }) => ({
        id: "web-acl",
        kind: "edge",
        title: "WAF web ACL",
        lines: [`${listAt(inputs, "rules").length} rules`],
    }));
}
