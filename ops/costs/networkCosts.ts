import { listAt, ofType, textAt, zones } from "../plan/facts.ts";
import type { Plan } from "../plan/model.ts";
import { type CostItem, costItem } from "./items.ts";
import { listPrices } from "./listPrices.ts";

/** An Application Load Balancer has to be in two zones at least. */
const fewestZones = 2;

/** Capacity units the load balancer uses on average: one is 25 new connections a second or 1 GB an hour. */
const capacityUnits = 1;

/** NAT gateways, public addresses, interface endpoints. */
export function networkCosts(plan: Plan): CostItem[] {
    const interfaceSubnets = ofType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint")
        .filter(({ inputs }) => textAt(inputs, "vpcEndpointType") === "Interface")
        .reduce((sum, { inputs }) => sum + (listAt(inputs, "subnetIds").length || zones(plan).length), 0);
    return [
        ...costItem(
            "NAT gateways",
            ofType(plan, "aws:ec2/natGateway:NatGateway").length,
            listPrices.natGateway,
            "without the 0.045 USD for each GB",
        ),
        ...costItem(
            "Public addresses of NAT gateways",
            ofType(plan, "aws:ec2/eip:Eip").length,
            listPrices.publicAddress,
        ),
        ...costItem("Interface endpoints, in each zone", interfaceSubnets, listPrices.interfaceEndpoint),
    ];
}

/** The load balancers that the controller makes for Ingresses of class `alb`, and the web ACL in front. */
export function edgeCosts(plan: Plan): CostItem[] {
    const loadBalancers = ofType(plan, "kubernetes:networking.k8s.io/v1:Ingress").filter(
        ({ inputs }) => textAt(inputs, "spec", "ingressClassName") === "alb",
    );
    const isPublic = loadBalancers.filter(
        ({ inputs }) =>
            textAt(inputs, "metadata", "annotations", "alb.ingress.kubernetes.io/scheme") ===
            "internet-facing",
    );
    const zoneCount = zones(plan).length;
    const webAcls = ofType(plan, "aws:wafv2/webAcl:WebAcl");
    return [
        ...costItem("Application Load Balancer", loadBalancers.length, listPrices.loadBalancer),
        ...costItem(
            "Load balancer capacity units",
            loadBalancers.length * capacityUnits,
            listPrices.loadBalancerCapacity,
            "one on average",
        ),
        ...costItem(
            "Public addresses of the load balancer",
            isPublic.length * (zoneCount || fewestZones),
            listPrices.publicAddress,
            zoneCount > 0 ? "one in each zone" : "two zones, since the network is not part of the plan",
        ),
        ...costItem("Web ACL", webAcls.length, listPrices.webAcl, "without the 0.60 USD a million requests"),
        ...costItem(
            "Rules of the web ACL",
            webAcls.reduce((sum, { inputs }) => sum + listAt(inputs, "rules").length, 0),
            listPrices.webAclRule,
        ),
    ];
}
