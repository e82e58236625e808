/** Words that questions are made of and that say nothing of what is asked: English, and the language that most of them are from. */
import { scanWords, stem } from "./words.ts";

const ENGLISH: ReadonlySet<string> = listed(
  "a about above after again all also am an and any are as at be because been before being below between both but by " +
    "can could did do does doing down during each few find for from further get give had has have having he her here " +
    "him his how i if in into is it its just let list look make may me might more most must my need no nor not now of off " +
    "on once only or other our out over own please same say see she should show so some such tell than that the their " +
    "them then there these they this those through to too under until up us use using very want was we were what when " +
    "where which while who whom whose why will with would you your re ve ll don doesn didn isn aren wasn weren hasn haven won wouldn couldn shouldn",
);

const OTHERS: readonly ReadonlySet<string>[] = [
  // German
  "aber als am an auf aus bei bin bis da damit dann das dass dem den der des die dies diese diesem diesen dieser dieses durch ein " +
    "eine einem einen einer eines er es für gab gibt haben hat hatte hatten ich ihr ihre im in ist ja kann können man mehr mein mit nach " +
    "nicht noch nur ob oder sein seine sich sie sind so über um und uns unter von vor wann war waren warum was wegen welche welchem welchen " +
    "welcher welches wem wen wenn wer werden wessen wie wieso wird wir wo woher wohin worden wurde wurden zu zum zur",
  // French
  "a ai au aux avec avoir c ce cela ces cet cette combien comme comment d dans de des donc du elle elles en est et eu eux fait fut il ils " +
    "j je l la le les leur leurs lui m ma mais me mes mon n ne nos notre nous on ont ou où par pas plus pour pourquoi qu quand que quel " +
    "quelle quelles quels qui quoi s sa sans se ses si son sont sous sur t ta te tes ton tu un une vos votre vous y à été était être",
  // Spanish
  "al algo ante como con cual cuales cuando cuanto cuántos cuántas cuál cuáles cuándo cuánto cómo de del desde donde dónde el ella ellos en " +
    "entre era eran es esa ese eso esta estaba estas este esto estos está están fue fueron ha han hay la las le les lo los más me mi muy no nos o " +
    "para pero por porque qué que quien quién quiénes se ser si sin sobre son su sus también tiene tienen un una uno y ya",
  // Italian
  "ai al alla alle anche c che chi ci come con cosa cui da dal dalla dei del della delle dello di dove e era erano fu furono gli ha hanno i " +
    "il in io l la le lo ma mi nei nel nella non o per perché più quale quali quando quanti quanto questa queste questi questo se si sono su sua sui " +
    "sul sulla suo un una uno è",
  // Portuguese
  "ao aos as com como da das de do dos e ela elas ele eles em entre era eram essa esse esta este está foi foram há isso isto mais mas me na nas " +
    "no nos não o onde os ou para pela pelo por porque qual quais quando quanto quantos que quem se sem seu sua são também tem um uma é",
  // Dutch
  "aan als bij dan dat de deze die dit door een en er geen had hebben heeft hem het hij hoe hoeveel hun ik in is je kan maar me met mijn naar " +
    "niet nog of om ons onze ook op over te tot uit van veel voor waar waarom wanneer waren was wat we welk welke werd werden wie wij worden wordt ze zich zijn",
].map(listed);

/** A question in another language has so many of its words at least. */
const MIN_OTHER = 3;

/** Stems of the words that say nothing in a question. */
export function stopWordsOf(question: string): ReadonlySet<string> {
  const words: string[] = [];
  scanWords(question, (word, _start, _end, isPart) => {
    if (!isPart) words.push(stem(word));
  });
  const hits = (list: ReadonlySet<string>): number =>
    words.reduce((count, word) => count + (list.has(word) ? 1 : 0), 0);
  let best: ReadonlySet<string> | undefined;
  let most = Math.max(hits(ENGLISH), MIN_OTHER - 1);
  for (const other of OTHERS) {
    const count = hits(other);
    if (count <= most) continue;
    most = count;
    best = other;
  }
  return best ? new Set([...ENGLISH, ...best]) : ENGLISH;
}

function listed(words: string): ReadonlySet<string> {
  return new Set(words.split(" ").map(stem));
}
