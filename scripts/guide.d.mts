/**
 * The guide as HTML of headings, paragraphs, lists, tables and marks of text alone. Throws where the text holds HTML or
 * pictures.
 */
export declare function renderGuide(markdown: string): string;
