import { definePlugin } from '@passerelle/plugin';
import { dialect } from './dialect.js';
import { resolvers, reportServices } from './vehicles.js';

const sdl = /* GraphQL */ `
  extend type Query {
    "Vehicles of the firm, by their plates."
    vehicles(
      "How many at most, 100 or fewer."
      first: Int = 50

      "How many to leave out before them."
      offset: Int = 0

      "Those alone whose next service is due."
      isServiceDue: Boolean
    ): VehicleList

    "A vehicle; null when there is none."
    vehicle(id: ID!): Vehicle
  }

  extend type Mutation {
    "Adds a vehicle."
    createVehicle(input: CreateVehicleInput!): VehiclePayload

    "Notes how far a vehicle has gone. Needs a reading that is not below the last one."
    noteMileage(input: NoteMileageInput!): VehiclePayload

    "Removes a vehicle."
    deleteVehicle(input: DeleteVehicleInput!): DeleteVehiclePayload
  }

  "A vehicle of the firm."
  type Vehicle {
    id: ID!

    "Number plate, unique: AB-123-CD."
    plate: String!

    "Make and model."
    model: String!

    "Reading of its counter, in kilometres."
    mileage: Int!

    "Kilometres at its last service."
    servicedAt: Int!

    "Whether it has gone further since than the setting allows."
    isServiceDue: Boolean!
  }

  "A part of the vehicles."
  type VehicleList {
    nodes: [Vehicle!]!

    "How many there are in all."
    totalCount: Int!
  }

  input CreateVehicleInput {
    plate: String!
    model: String!
    mileage: Int = 0
  }

  input NoteMileageInput {
    id: ID!
    mileage: Int!

    "Whether it was serviced now."
    isServiced: Boolean = false
  }

  input DeleteVehicleInput {
    id: ID!
  }

  type VehiclePayload {
    vehicle: Vehicle
  }

  type DeleteVehiclePayload {
    deletedId: ID
  }
`;

export default definePlugin({
  sdl,
  resolvers,
  dialect,
  events: ['service_due'],
  pages: [{ path: 'fleet', title: 'Parc de véhicules' }],
  actions: { report_services: reportServices },
  tasks: [
    {
      id: 'report_services',
      name: 'Reports vehicles whose service is due',
      action: 'report_services',
      schedule: { cron: '0 7 * * 1', timezone: 'Europe/Paris' },
    },
  ],
  migrations: [
    {
      name: '2026-11-vehicles',
      steps: [
        {
          createTable: 'vehicles',
          columns: {
            plate: { type: 'text' },
            model: { type: 'text' },
            mileage: { type: 'integer', default: 0 },
            serviced_at: { type: 'integer', default: 0 },
          },
          unique: [['plate']],
        },
      ],
    },
  ],
});
