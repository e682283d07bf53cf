import { fold, wordsOf } from './fold.js';

/**
 * The `auto` algorithm of K-Docs: learns labels (types, tags, correspondents) from documents that people have filed,
 * and proposes them for new ones. One multinomial naive Bayes decision for each label on its own, because a document
 * may carry several (Manning, Raghavan, Schütze, "Introduction to Information Retrieval", chapter 13). Three classes
 * stand against each other in it:
 *
 * - **the label**: the documents that carry it;
 * - **the others**: the documents learnt that don't;
 * - **none of them**: every word equally likely. It wins when a document speaks of things never seen, where the first
 *   two would only compare the few common words left.
 *
 * A word counts once a document, however often it stands there. Naive Bayes takes words for independent, which makes
 * long documents sure of anything; so the evidence of a document is scaled down to that of at most 40 words.
 *
 * Deterministic: the same samples in any order give the same model and answers.
 */
export interface AutoModel {
  /** Documents learnt; a document given with several labels is one. */
  documentCount: number;
  /** In how many documents each word stands. */
  wordCounts: ReadonlyMap<string, number>;
  labels: ReadonlyMap<number, LabelStatistics>;
}

interface LabelStatistics {
  documentCount: number;
  /** In how many of its documents each word stands. */
  wordCounts: Map<string, number>;
  /** Sum of `wordCounts`. */
  wordTotal: number;
}

export interface LabelledText {
  /** Null for a filed document that carries no label: it teaches what "the others" look like. */
  labelId: number | null;
  title: string;
  text: string;
  /** `documentWords` of both, where they are known already. */
  words?: ReadonlySet<string>;
}

export interface Classification {
  labelId: number;
  /** Probability from 0.9 to 1 that the document carries the label. */
  confidence: number;
}

/** A wrong label costs more trust than a missing one. */
const minConfidence = 0.9;
/** One document says more about itself than about its label. */
const minSamples = 2;
const maxEvidenceWords = 40;
/** The first ones of a document, and looked for so far; more don't change an answer. */
const maxDocumentWords = 5000;
const maxDocumentCharacters = 200_000;
/** Lidstone smoothing: a word that a class hasn't shown counts as this many. */
const smoothing = 0.1;
/** Prior of "none of them"; the rest is shared by how often the label occurs. */
const nonePrior = 0.2;

/** Learns from scratch; memory is that of the distinct words of each label. */
export function learn(samples: Iterable<LabelledText>): AutoModel {
  const labels = new Map<number, LabelStatistics>();
  const wordCounts = new Map<string, number>();
  const documents = groupByDocument(samples);
  for (const { words, labelIds } of documents) {
    for (const word of words) wordCounts.set(word, (wordCounts.get(word) ?? 0) + 1);
    for (const labelId of labelIds) {
      const statistics = labels.get(labelId) ?? { documentCount: 0, wordCounts: new Map(), wordTotal: 0 };
      labels.set(labelId, statistics);
      statistics.documentCount += 1;
      statistics.wordTotal += words.size;
      for (const word of words) statistics.wordCounts.set(word, (statistics.wordCounts.get(word) ?? 0) + 1);
    }
  }
  return { documentCount: documents.length, wordCounts, labels };
}

/** The labels that the document very probably carries, most probable first; usually one or none. */
export function classify(model: AutoModel, { title, text }: { title: string; text: string }): Classification[] {
  const words = documentWords(title, text);
  const evidenceScale = Math.min(1, maxEvidenceWords / words.size);
  const vocabularySize = model.wordCounts.size + 1; // all unknown words are one
  const wordTotal = sum(model.wordCounts.values());

  const proposals: Classification[] = [];
  for (const [labelId, label] of model.labels) {
    const otherDocumentCount = model.documentCount - label.documentCount;
    // With nothing to compare, every document would look like the only label.
    if (label.documentCount < minSamples || otherDocumentCount === 0 || words.size === 0) continue;

    const labelTotal = label.wordTotal + smoothing * vocabularySize;
    const otherTotal = wordTotal - label.wordTotal + smoothing * vocabularySize;
    let labelEvidence = 0;
    let otherEvidence = 0;
    for (const word of words) {
      const labelCount = label.wordCounts.get(word) ?? 0;
      const otherCount = (model.wordCounts.get(word) ?? 0) - labelCount;
      labelEvidence += Math.log((labelCount + smoothing) / labelTotal);
      otherEvidence += Math.log((otherCount + smoothing) / otherTotal);
    }
    const noneEvidence = -words.size * Math.log(vocabularySize);

    const share = (label.documentCount + 1) / (model.documentCount + 2);
    const labelScore = Math.log((1 - nonePrior) * share) + evidenceScale * labelEvidence;
    const otherScore = Math.log((1 - nonePrior) * (1 - share)) + evidenceScale * otherEvidence;
    const noneScore = Math.log(nonePrior) + evidenceScale * noneEvidence;
    const confidence = 1 / (1 + Math.exp(otherScore - labelScore) + Math.exp(noneScore - labelScore));
    if (confidence >= minConfidence) proposals.push({ labelId, confidence });
  }
  return proposals.sort((a, b) => b.confidence - a.confidence || a.labelId - b.labelId);
}

interface LearntDocument {
  words: ReadonlySet<string>;
  labelIds: Set<number>;
}

/** Puts the labels of one document together, by its title and text: else each would count against the other. */
function groupByDocument(samples: Iterable<LabelledText>): LearntDocument[] {
  const byTitle = new Map<string, Map<string, LearntDocument>>();
  const documents: LearntDocument[] = [];
  for (const { labelId, title, text, words } of samples) {
    const byText = byTitle.get(title) ?? new Map<string, LearntDocument>();
    byTitle.set(title, byText);
    let document = byText.get(text);
    if (!document) {
      document = { words: words ?? documentWords(title, text), labelIds: new Set() };
      byText.set(text, document);
      documents.push(document);
    }
    if (labelId !== null) document.labelIds.add(labelId);
  }
  return documents;
}

/** Distinct words of 3 to 40 letters; numbers, dates and references are of one document only. */
export function documentWords(title: string, text: string): Set<string> {
  const words = new Set<string>();
  for (const word of wordsOf(fold(`${title}\n${text}`.slice(0, maxDocumentCharacters)))) {
    if (/^\p{L}{3,40}$/u.test(word)) words.add(word);
    if (words.size === maxDocumentWords) break;
  }
  return words;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
