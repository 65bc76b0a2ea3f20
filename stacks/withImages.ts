import type { Config } from "./schema/index.ts";

/**
 * The configuration with other images. `schemaJob: false` leaves the schema job out, which with an older image would bring
 * the database back to an older schema.
 */
export function withImages(
    config: Config,
    images: { backend: string; frontend: string },
    { schemaJob }: { schemaJob: boolean },
): Config {
    const { app } = config;
    const { backend, frontend, migration } = app;
    return {
        ...config,
        app: {
            ...app,
            backend: { ...backend, image: images.backend },
            frontend: { ...frontend, image: images.frontend },
            migration: { ...migration, enabled: migration.enabled && schemaJob },
        },
    };
}
