/** Values of `-o`; `wide` shows the chain of healthy services too. */
export const DOCTOR_FORMATS = ['github', 'json', 'junit', 'mermaid', 'name', 'sarif', 'wide', 'yaml'] as const;
