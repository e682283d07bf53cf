/** Something that the operator can put right: one line that names the setting, and holds no secret. */
export class ConfigError extends Error {}
