"""Everything RabbitMQ: the only room besides `service.py` that knows kombu and nameko.

`topology` says which exchanges and queues there are; `publishing` carries an outbox to the broker with confirms;
`listening` brings a service's queue to its hearer (`ears`) inside a nameko service (`arrivals`: one message of it);
`runner` starts such a service, `patience` makes psycopg wait the way eventlet can.
"""
