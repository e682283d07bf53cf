import { ask } from './ask.js';

const vehicleFields = 'id plate model mileage isServiceDue';
const problem = document.getElementById('problem');

/** What is wrong with a field, or else with the whole. */
const wordsOf = ({ message, errors = [] }) => errors[0]?.extensions?.fields?.[0]?.message ?? message;

const cell = (...content) => {
  const made = document.createElement('td');
  made.append(...content);
  return made;
};

function mileageForm({ id, plate, mileage }) {
  const form = document.createElement('form');
  const input = document.createElement('input');
  Object.assign(input, { type: 'number', name: 'mileage', required: true, value: mileage });
  input.setAttribute('aria-label', `Kilométrage de ${plate}`);
  const button = document.createElement('button');
  button.textContent = 'Relever';
  form.append(input, button);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    try {
      const { noteMileage } = await ask(
        `mutation Relever($input: NoteMileageInput!) { noteMileage(input: $input) { vehicle { ${vehicleFields} } } }`,
        { input: { id, mileage: Number(input.value) } },
      );
      form.closest('tr').replaceWith(rowOf(noteMileage.vehicle));
    } catch (error) {
      problem.textContent = `${plate} : ${wordsOf(error)}`;
    }
  });
  return form;
}

function rowOf(vehicle) {
  const row = document.createElement('tr');
  const service = cell(vehicle.isServiceDue ? 'due' : 'à jour');
  service.classList.toggle('due', vehicle.isServiceDue);
  row.append(cell(vehicle.plate), cell(vehicle.model), cell(mileageForm(vehicle)), service);
  return row;
}

try {
  const { vehicles } = await ask(`query Parc { vehicles(first: 100) { nodes { ${vehicleFields} } } }`);
  document.getElementById('vehicles').replaceChildren(...vehicles.nodes.map(rowOf));
} catch (error) {
  problem.textContent = wordsOf(error);
}
