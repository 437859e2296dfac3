// Makes the app's Help > Guide of the guide in Markdown, when the app is built.
import { Marked } from 'marked';

/**
 * The guide as HTML of headings, paragraphs, lists, tables and marks of text alone: what leads elsewhere becomes its
 * words, since the app has neither the other documents nor a network. Its title is left to the dialog, headings get
 * an `id`. Throws where the text holds HTML or pictures, which the page would show otherwise than the document.
 */
export function renderGuide(markdown) {
  let sections = 0;
  const refuse = (what) => (text) => {
    throw new Error(`The guide holds ${what}, which the app does not show: ${text}`);
  };
  const renderer = {
    html: refuse('HTML'),
    image: refuse('a picture'),
    link: (_href, _title, text) => text,
    heading: (text, level) => (level === 1 ? '' : `<h${level + 1} id="guide-${++sections}">${text}</h${level + 1}>\n`),
    table: (head, body) => {
      const isNamed = head.replace(/<[^>]+>/g, '').trim() !== '';
      return `<table>${isNamed ? `<thead>${head}</thead>` : ''}<tbody>${body}</tbody></table>\n`;
    },
  };
  return new Marked({ async: false, renderer }).parse(markdown);
}
