/** A description without the section of the contract that it begins with, which is for those who have the contract. */
export const withoutSection = (description = '') => description.replace(/^`[^`\n]+\.md#[^`\n]*`\s*/, '');
