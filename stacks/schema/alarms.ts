import { z } from "zod";

export const alarmsSchema = z
    .strictObject({
        emails: z
            .array(z.email("must be an e-mail address"))
            .default([])
            .meta({ examples: [["on-call@example.com"]] })
            .describe(
                "Addresses that get the alarms of CloudWatch, beside the receivers of `monitoring.routing`. AWS sends each a link to confirm; until then it gets none.",
            ),
    })
    .prefault({})
    .describe("Alarms on what only AWS can see: data stores, load balancer, web ACL and certificate.");
