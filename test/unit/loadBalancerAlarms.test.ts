import assert from "node:assert/strict";

import { planOf } from "../support/plans.ts";
import { byName, ofType } from "../support/resources.ts";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topic = "arn:aws:sns:us-east-1:123456789012:spywatcher-prod-alerts";
const balancers = 'FROM SCHEMA("AWS/ApplicationELB", LoadBalancer) GROUP BY LoadBalancer';
const groups =
    'FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) GROUP BY LoadBalancer, TargetGroup';

/** Query, comparison, threshold, seconds of a point, points, and what no data means. */
const expected: Record<string, [string, string, number, number, number, string]> = {
    errors: [`SUM(HTTPCode_ELB_5XX_Count) ${balancers}`, "Greater", 10, 300, 1, "notBreaching"],
    "target-errors": [`SUM(HTTPCode_Target_5XX_Count) ${balancers}`, "Greater", 50, 300, 1, "notBreaching"],
    "response-time": [`AVG(TargetResponseTime) ${balancers}`, "Greater", 1, 300, 3, "notBreaching"],
    requests: [`SUM(RequestCount) ${balancers}`, "Greater", 75_000, 300, 1, "notBreaching"],
    "rejected-connections": [
        `SUM(RejectedConnectionCount) ${balancers}`,
        "Greater",
        0,
        300,
        1,
        "notBreaching",
    ],
    "unhealthy-targets": [`MIN(UnHealthyHostCount) ${groups}`, "Greater", 0, 60, 10, "notBreaching"],
    "no-healthy-target": [`MAX(HealthyHostCount) ${groups}`, "Less", 1, 60, 5, "missing"],
};

describe("the alarms on the load balancer", () => {
    for (const [suffix, [query, comparison, threshold, period, points, missing]] of Object.entries(
        expected,
    )) {
        it(`watch ${suffix}`, async () => {
            const { inputs } = byName(await planOf("prod"), alarmType, `load-balancer-alarms-${suffix}`);
            const { alarmDescription, ...rest } = inputs;
            assert.match(String(alarmDescription), /^\S.{20,}[^.]\nSeverity: (critical|warning)\n/);
            assert.deepEqual(rest, {
                name: `spywatcher-prod-load-balancer-${suffix}`,
                metricQueries: [{ id: "watched", expression: `SELECT ${query}`, period, returnData: true }],
                comparisonOperator: `${comparison}ThanThreshold`,
                threshold,
                evaluationPeriods: points,
                treatMissingData: missing,
                alarmActions: [topic],
                okActions: [topic],
            });
        });
    }

    it("are these and no others, and none in dev", async () => {
        const names = (plan: Awaited<ReturnType<typeof planOf>>): string[] =>
            ofType(plan, alarmType)
                .map(({ name }) => name)
                .filter((name) => name.startsWith("load-balancer-"));
        assert.deepEqual(
            names(await planOf("prod")),
            Object.keys(expected)
                .map((suffix) => `load-balancer-alarms-${suffix}`)
                .sort(),
        );
        assert.deepEqual(names(await planOf("dev")), []);
    });
});
