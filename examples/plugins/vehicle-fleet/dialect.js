/** The contract of the garage's program: its words, its envelope, its statuses; the work is the graph's. */
const vehicleFields = 'id plate model mileage isServiceDue';

const toVehicule = ({ id, plate, model, mileage, isServiceDue }) => ({
  id: Number(id),
  immatriculation: plate,
  modele: model,
  kilometrage: mileage,
  revision_due: isServiceDue,
});

const vehicule = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    immatriculation: { type: 'string' },
    modele: { type: 'string' },
    kilometrage: { type: 'integer' },
    revision_due: { type: 'boolean' },
  },
};
const byId = { type: 'object', properties: { id: { type: 'integer', minimum: 1 } }, required: ['id'] };

export const dialect = {
  prefix: '/parc/v1',
  title: 'Parc de véhicules',
  description: 'Les véhicules de la société, pour le logiciel du garage.',
  envelope: {
    erreur: { code: '{{code}}', message: '{{message}}', champs: '{{fields}}', requete: '{{request_id}}' },
  },
  statuses: { BAD_USER_INPUT: 400 },
  routes: [
    {
      method: 'GET',
      path: '/vehicules',
      summary: 'Lister les véhicules',
      query: {
        type: 'object',
        properties: {
          page: { type: 'integer', minimum: 1, maximum: 100, default: 1 },
          revision_due: { type: 'boolean' },
        },
      },
      response: {
        type: 'object',
        properties: {
          total: { type: 'integer' },
          page: { type: 'integer' },
          vehicules: { type: 'array', items: vehicule },
        },
      },
      operation: `query ListVehicles($offset: Int, $isServiceDue: Boolean) {
        vehicles(first: 50, offset: $offset, isServiceDue: $isServiceDue) { totalCount nodes { ${vehicleFields} } }
      }`,
      fields: { isServiceDue: 'revision_due', offset: 'page' },
      toVariables: ({ query: { page = 1, revision_due } }) => ({ offset: (page - 1) * 50, isServiceDue: revision_due }),
      toResponse: ({ vehicles }, { query: { page = 1 } }) => ({
        total: vehicles.totalCount,
        page,
        vehicules: vehicles.nodes.map(toVehicule),
      }),
    },
    {
      method: 'POST',
      path: '/vehicules',
      summary: 'Ajouter un véhicule',
      status: 201,
      body: {
        type: 'object',
        properties: {
          immatriculation: { type: 'string', maxLength: 20 },
          modele: { type: 'string', maxLength: 100 },
          kilometrage: { type: 'integer', minimum: 0 },
        },
        required: ['immatriculation', 'modele'],
      },
      response: vehicule,
      operation: `mutation AddVehicle($input: CreateVehicleInput!) {
        createVehicle(input: $input) { vehicle { ${vehicleFields} } }
      }`,
      fields: { 'input.plate': 'immatriculation', 'input.model': 'modele', 'input.mileage': 'kilometrage' },
      toVariables: ({ body: { immatriculation, modele, kilometrage = 0 } }) => ({
        input: { plate: immatriculation, model: modele, mileage: kilometrage },
      }),
      toResponse: ({ createVehicle }) => toVehicule(createVehicle.vehicle),
    },
    {
      method: 'PUT',
      path: '/vehicules/:id/kilometrage',
      summary: 'Relever un compteur',
      params: byId,
      body: {
        type: 'object',
        properties: {
          kilometrage: { type: 'integer', minimum: 0 },
          revision_faite: { type: 'boolean', default: false },
        },
        required: ['kilometrage'],
      },
      response: vehicule,
      operation: `mutation ReadCounter($input: NoteMileageInput!) {
        noteMileage(input: $input) { vehicle { ${vehicleFields} } }
      }`,
      fields: { 'input.id': 'id', 'input.mileage': 'kilometrage' },
      toVariables: ({ params, body: { kilometrage, revision_faite = false } }) => ({
        input: { id: String(params.id), mileage: kilometrage, isServiced: revision_faite },
      }),
      toResponse: ({ noteMileage }) => toVehicule(noteMileage.vehicle),
    },
    {
      method: 'DELETE',
      path: '/vehicules/:id',
      summary: 'Retirer un véhicule',
      params: byId,
      operation: 'mutation RemoveVehicle($input: DeleteVehicleInput!) { deleteVehicle(input: $input) { deletedId } }',
      fields: { 'input.id': 'id' },
      toVariables: ({ params }) => ({ input: { id: String(params.id) } }),
      toResponse: ({ deleteVehicle }) => ({ supprime: Number(deleteVehicle.deletedId) }),
    },
  ],
};
