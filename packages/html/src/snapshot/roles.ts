/** What the roles of elements mean to somebody who uses a page. */
import { words } from "../tags.ts";

/** Elements that are clicked, filled in or chosen. */
export const INTERACTIVE: ReadonlySet<string> = words(
  "link button textbox searchbox checkbox radio combobox listbox slider spinbutton switch tab menuitem menuitemcheckbox " +
    "menuitemradio treeitem textarea input select DisclosureTriangle disclosuretriangle Iframe iframe filechooser colorwell Date",
);

/** Elements that say what is wrong, or what has just happened, whatever they hold. */
export const URGENT: ReadonlySet<string> = words("alert status alertdialog log");

/** Elements that hold one thing each: a row, a card, a list's item. They are shown on a line. */
export const ITEM: ReadonlySet<string> = words("listitem row article option treeitem ListItem");

/** Elements that say where something stands. */
export const REGION: ReadonlySet<string> = words(
  "banner navigation main complementary contentinfo search form dialog alertdialog table grid treegrid menu menubar tablist " +
    "tabpanel toolbar radiogroup tree listbox combobox",
);
