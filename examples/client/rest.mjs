// The same documents by K-Docs' REST API, typed by its OpenAPI document, with BASE and TOKEN in the environment.
import { createKdocsClient } from '@passerelle/client/kdocs';

const kdocs = createKdocsClient({ url: process.env.BASE, token: process.env.TOKEN });
const { data, error } = await kdocs.GET('/documents', { params: { query: { per_page: 5 } } });
if (error) throw new Error(JSON.stringify(error));
console.log(`${data.pagination.total} documents, the newest: ${data.data[0]?.title}`);
