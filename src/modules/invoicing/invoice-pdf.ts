/**
 * An invoice as a PDF/A-3b that carries its own EN 16931 XML: a Factur-X. This file makes the archive document around
 * the page (fonts, metadata, attachment); `invoice-layout.ts` draws, `invoice-xml.ts` writes the XML.
 */
import { openArchivePdf } from '../../print/archive-pdf.js';
import { type InvoiceForPdf, isDraft, type Seller } from './invoice-document.js';
import { drawInvoice, invoiceTitle } from './invoice-layout.js';
import { buildInvoiceXml, type FacturXProfile } from './invoice-xml.js';

export type { InvoiceForPdf, Seller } from './invoice-document.js';

export interface RenderOptions {
  /**
   * What the PDF gives as its date of creation. Default: the date of issue, so that the same invoice always gives the
   * same bytes; for a draft the due date, or else the start of 1970.
   */
  createdAt?: Date;
}

/** The file name that the Factur-X standard prescribes. */
const xmlFileName = 'factur-x.xml';

/**
 * Renders the invoice. An issued one embeds `factur-x.xml`; a draft or a cancelled one does not, so that no program
 * books it. When the data break EN 16931 (an unknown currency or country), the PDF says that it has no XML instead of
 * failing. The same input gives the same bytes.
 */
export async function renderInvoicePdf(
  invoice: InvoiceForPdf,
  seller: Seller,
  { createdAt = defaultDate(invoice) }: RenderOptions = {},
): Promise<Buffer> {
  const wantsXml = !isDraft(invoice) && invoice.status !== 'cancelled';
  const facturX = wantsXml ? await buildInvoiceXml(invoice, seller) : undefined;

  const { pdf, finish } = openArchivePdf({ title: invoiceTitle(invoice), createdAt });
  drawInvoice(pdf, invoice, seller, { lacksXml: wantsXml && facturX?.profile === undefined });

  if (facturX?.profile) {
    // pdfkit's published types lack `relationship`, which PDF/A-3 demands.
    const attachment: PDFKit.Mixins.PDFAttachmentOptions & { relationship: string } = {
      name: xmlFileName,
      type: 'text/xml',
      description: 'Facture électronique EN 16931 (Factur-X)',
      relationship: 'Alternative',
      creationDate: createdAt,
      modifiedDate: createdAt,
    };
    pdf.file(Buffer.from(facturX.xml), attachment);
    pdf.appendXML(facturXMetadata(facturX.profile));
  }
  return finish();
}

function defaultDate({ issuedAt, dueDate }: InvoiceForPdf): Date {
  const day = issuedAt ?? dueDate;
  return new Date(day ? `${day.slice(0, 10)}T00:00:00Z` : 0);
}

/**
 * The XMP part that tells programs where the XML is and what it holds, with the description of its own schema that
 * PDF/A demands for properties it does not know (Factur-X 1.0, § 6.3; ISO 19005-3, 6.6.2.3).
 */
function facturXMetadata(profile: FacturXProfile): string {
  const properties = {
    DocumentFileName: ['The name of the embedded XML document', xmlFileName],
    DocumentType: ['The type of the hybrid document in capital letters', 'INVOICE'],
    Version: ['The version of the standard that the embedded XML document follows', '1.0'],
    ConformanceLevel: ['The conformance level of the embedded XML document', profile],
  };
  const namespace = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#';
  const descriptions = Object.entries(properties).map(
    ([name, [description]]) => `
      <rdf:li rdf:parseType="Resource">
        <pdfaProperty:name>${name}</pdfaProperty:name>
        <pdfaProperty:valueType>Text</pdfaProperty:valueType>
        <pdfaProperty:category>external</pdfaProperty:category>
        <pdfaProperty:description>${description}</pdfaProperty:description>
      </rdf:li>`,
  );
  const values = Object.entries(properties).map(([name, [, value]]) => `<fx:${name}>${value}</fx:${name}>`);
  return `
    <rdf:Description rdf:about="" xmlns:fx="${namespace}">
      ${values.join('\n      ')}
    </rdf:Description>
    <rdf:Description rdf:about=""
      xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
      xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
      xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
      <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
        <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
        <pdfaSchema:namespaceURI>${namespace}</pdfaSchema:namespaceURI>
        <pdfaSchema:prefix>fx</pdfaSchema:prefix>
        <pdfaSchema:property><rdf:Seq>${descriptions.join('')}
        </rdf:Seq></pdfaSchema:property>
      </rdf:li></rdf:Bag></pdfaExtension:schemas>
    </rdf:Description>`;
}
