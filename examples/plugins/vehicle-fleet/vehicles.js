import { refuse } from '@passerelle/plugin';

const plateOf = (text) => text.trim().toUpperCase();
const platePattern = /^[A-Z]{2}-\d{3}-[A-Z]{2}$/;

/** A row as the graph shows it. */
const shown = async (row, api) => {
  const { serviceEvery = 20_000 } = await api.settings();
  return {
    id: row.id,
    plate: row.plate,
    model: row.model,
    mileage: row.mileage,
    servicedAt: row.serviced_at,
    isServiceDue: row.mileage - row.serviced_at >= serviceEvery,
  };
};

const shownAll = (rows, api) => Promise.all(rows.map((row) => shown(row, api)));

const vehicleById = async (id, api) =>
  /^\d{1,18}$/.test(id) ? api.storage.first('vehicles', { where: { id } }) : undefined;

const existing = async (id, api) => (await vehicleById(id, api)) ?? refuse('NOT_FOUND', 'There is no such vehicle');

export const resolvers = {
  Query: {
    vehicles: async (parent, { first = 50, offset = 0, isServiceDue }, api) => {
      const problems = [];
      if (first < 1 || first > 100) problems.push({ path: ['first'], message: 'is 1 to 100' });
      if (offset < 0 || offset > 10_000) problems.push({ path: ['offset'], message: 'is 0 to 10000' });
      if (problems.length > 0) refuse('BAD_USER_INPUT', 'No such part of the list', problems);
      if (isServiceDue == null) {
        const rows = await api.storage.find('vehicles', { orderBy: { plate: 'asc' }, limit: first, offset });
        return { nodes: await shownAll(rows, api), totalCount: await api.storage.count('vehicles') };
      }
      // A firm has some dozens: what one column against another decides is decided here.
      const all = await shownAll(await api.storage.find('vehicles', { orderBy: { plate: 'asc' } }), api);
      const wanted = all.filter((vehicle) => vehicle.isServiceDue === isServiceDue);
      return { nodes: wanted.slice(offset, offset + first), totalCount: wanted.length };
    },
    vehicle: async (parent, { id }, api) => {
      const row = await vehicleById(id, api);
      return row ? shown(row, api) : null;
    },
  },

  Mutation: {
    createVehicle: async (parent, { input: { plate: given, model, mileage = 0 } }, api) => {
      const plate = plateOf(given);
      const problems = [];
      if (!platePattern.test(plate))
        problems.push({ path: ['input', 'plate'], message: 'is a plate such as AB-123-CD' });
      if (!model.trim() || model.length > 100)
        problems.push({ path: ['input', 'model'], message: 'has 1 to 100 characters' });
      if (mileage < 0) problems.push({ path: ['input', 'mileage'], message: 'is 0 or more' });
      if (problems.length > 0) refuse('BAD_USER_INPUT', 'The vehicle is not right', problems);
      if (await api.storage.first('vehicles', { where: { plate } }))
        refuse('CONFLICT', 'There is a vehicle with this plate', [{ path: ['input', 'plate'], message: 'is taken' }]);
      const [row] = await api.storage.insert('vehicles', { plate, model: model.trim(), mileage, serviced_at: mileage });
      return { vehicle: await shown(row, api) };
    },
    noteMileage: async (parent, { input: { id, mileage, isServiced = false } }, api) => {
      const before = await existing(id, api);
      if (mileage < before.mileage)
        refuse('BAD_USER_INPUT', 'A counter does not run backwards', [
          { path: ['input', 'mileage'], message: `is ${before.mileage} or more` },
        ]);
      const [row] = await api.storage.update(
        'vehicles',
        { id },
        { mileage, ...(isServiced && { serviced_at: mileage }) },
      );
      const [was, vehicle] = await shownAll([before, row], api);
      if (vehicle.isServiceDue && !was.isServiceDue)
        await api.emit('service_due', {
          subjectType: 'Vehicle',
          subjectId: vehicle.id,
          data: { plate: vehicle.plate, mileage },
        });
      return { vehicle };
    },
    deleteVehicle: async (parent, { input: { id } }, api) => {
      await existing(id, api);
      await api.storage.delete('vehicles', { id });
      return { deletedId: id };
    },
  },
};

/** What the task runs. */
export const reportServices = async (params, api) => {
  const vehicles = await shownAll(await api.storage.find('vehicles', { orderBy: { plate: 'asc' } }), api);
  const due = vehicles.filter(({ isServiceDue }) => isServiceDue).map(({ plate }) => plate);
  api.log.info(due.length > 0 ? `service due: ${due.join(', ')}` : 'no service is due');
  return { due };
};
