import { noChange } from 'lit';
import { Directive, directive } from 'lit/directive.js';
import type { ElementPart } from 'lit/directive.js';

type Styles = Readonly<Record<string, string | number | null | undefined>>;

/**
 * Stands in for Lit's styleMap (vite.config.ts says so). Lit's own writes a style attribute at first, which the page's
 * content security policy refuses; this one sets the same properties on the style object, which it allows.
 */
class StyleMap extends Directive {
  private known = new Set<string>();

  override render(_styles: Styles): unknown {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Styles]): unknown {
    const { style } = part.element as HTMLElement;
    const wanted = Object.entries(styles).filter(([, value]) => value !== null && value !== undefined);
    const names = new Set(wanted.map(([name]) => cssName(name)));
    for (const name of this.known) if (!names.has(name)) style.removeProperty(name);
    for (const [name, value] of wanted) style.setProperty(cssName(name), String(value));
    this.known = names;
    return noChange;
  }
}

function cssName(name: string): string {
  return name.includes('-') ? name : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export const styleMap = directive(StyleMap);
