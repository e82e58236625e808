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
  "als am an auf aus bei das dass dem den der des die diese dieser durch ein eine einem einen einer er es für gab gibt hat haben ich im " +
    "in ist kann mit nach nicht oder über sich sie sind um und von vor wann war waren was welche welcher wer werden wie wird wo wurde wurden zu zum zur",
  // French
  "a au aux avec ce cette combien comment d dans de des du elle en est et il ils l la le les leur on ont ou où par pas pour pourquoi qu quand " +
    "que quel quelle quelles quels qui s se sont sur un une à été",
  // Spanish
  "al como con cual cuando cuántos cuál cuándo cuánto cómo de del dónde el en era es esta está fue fueron ha han hay la las lo los no o para " +
    "por que qué quién se son su un una y",
  // Italian
  "al alla che chi come con cosa cui da dal dei del della di dove e era fu furono gli ha hanno i il in la le lo nel nella non o per quale quali " +
    "quando quanti quanto si sono un una è",
  // Portuguese
  "ao as com como da das de do dos e em era esta está foi foram há na nas no nos não o onde os para pela pelo por qual quais quando quantos quem " +
    "que se são um uma é",
  // Dutch
  "aan bij dat de deze die dit door een en er heeft het hij hoe hoeveel in is kan met naar niet of om op te tot uit van voor waar wanneer waren wat " +
    "welk welke werd werden wie wordt zijn",
].map(listed);

/** What a question calls the text it is asked of: `Work with the output of this command.` asks for no command. */
const TALK: ReadonlySet<string> = listed("call command output reply response result tool work");
/** One of these words may be what is asked for; so many in a sentence speak of the text. A sentence has so many stop words. */
const MIN_TALK = 2;
const MIN_SENTENCE = 2;

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
  const isTalk =
    hits(ENGLISH) >= MIN_SENTENCE &&
    new Set(words.filter((word) => TALK.has(word))).size >= MIN_TALK;
  if (best === undefined && !isTalk) return ENGLISH;
  return new Set([...ENGLISH, ...(best ?? []), ...(isTalk ? TALK : [])]);
}

function listed(words: string): ReadonlySet<string> {
  return new Set(words.split(" ").map(stem));
}
