import js from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

/** Imports go one way: ops → stacks → infra. What stands beside them uses stacks and infra, or nothing of ours. */
const layers = {
    infra: ["stacks", "ops", "local", "policies", "bootstrap", "test"],
    stacks: ["ops", "policies", "bootstrap", "test"],
    local: ["stacks", "ops", "policies", "bootstrap", "test"],
    ops: ["policies", "bootstrap", "test"],
    bootstrap: ["ops", "local", "policies", "test"],
    policies: ["stacks", "ops", "local", "bootstrap", "test"],
};

export default tseslint.config(
    { ignores: ["node_modules/"] },
    js.configs.recommended,
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
        languageOptions: { parserOptions: { projectService: true } },
        plugins: { "@pulumi": pulumi },
        rules: {
            // An Output printed into a string gives "Calling [toString] on an [Output<T>]" and no error.
            "@pulumi/no-output-in-template-literal": "error",
            "@pulumi/no-output-instance-in-template-literal": "error",
            "@typescript-eslint/restrict-template-expressions": [
                "error",
                { allowNumber: true, allowBoolean: true },
            ],
            // process.env has an index signature, where the dot is a type error under TypeScript's own rule.
            "@typescript-eslint/dot-notation": "off",
            "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
            // Resources are registered by being made.
            "no-new": "off",
            eqeqeq: "error",
        },
    },
    ...Object.entries(layers).map(([layer, forbidden]) => ({
        files: [`${layer}/**/*.ts`],
        rules: {
            "no-restricted-imports": [
                "error",
                {
                    patterns: [
                        {
                            regex: `^(\\.\\./)+(${forbidden.join("|")})/`,
                            message: "Imports go one way: ops → stacks → infra.",
                        },
                    ],
                },
            ],
        },
    })),
    {
        files: ["test/**/*.ts", "policies/**/*.ts"],
        rules: {
            // Tests take the plan's JSON apart and compare it with literals; types would make no test stricter. Rules take
            // resources of every type apart.
            "@typescript-eslint/no-explicit-any": "off",
            "@typescript-eslint/no-unsafe-argument": "off",
            "@typescript-eslint/no-unsafe-assignment": "off",
            "@typescript-eslint/no-unsafe-call": "off",
            "@typescript-eslint/no-unsafe-member-access": "off",
            "@typescript-eslint/no-unsafe-return": "off",
            // mocha's describe and it return nothing worth awaiting.
            "@typescript-eslint/no-floating-promises": [
                "error",
                { allowForKnownSafeCalls: ["describe", "it"] },
            ],
        },
    },
);
