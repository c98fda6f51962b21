# {{mark}}

data "aws_vpc" "this" {
  id = var.vpc_id
}

data "aws_region" "this" {}

resource "aws_security_group" "gateway" {
  name        = "${var.name}-gateway"
  description = "The load balancer"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "gateway_http" {
  for_each = toset(var.client_cidr_blocks)

  security_group_id = aws_security_group.gateway.id
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_ingress_rule" "gateway_https" {
  for_each = toset(var.client_cidr_blocks)

  security_group_id = aws_security_group.gateway.id
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "gateway_to_nginx" {
  security_group_id            = aws_security_group.gateway.id
  referenced_security_group_id = aws_security_group.nginx.id
  ip_protocol                  = "tcp"
  from_port                    = {{gateway_port}}
  to_port                      = {{gateway_port}}
}

resource "aws_security_group" "nginx" {
  name        = "${var.name}-nginx"
  description = "nginx, between the load balancer and the replicas"
  vpc_id      = var.vpc_id
}

# Nobody reaches the monitor's port: see outputs.tf.
resource "aws_vpc_security_group_ingress_rule" "nginx_from_gateway" {
  security_group_id            = aws_security_group.nginx.id
  referenced_security_group_id = aws_security_group.gateway.id
  ip_protocol                  = "tcp"
  from_port                    = {{gateway_port}}
  to_port                      = {{gateway_port}}
}

# The replicas, and what ECS fetches for a task: the image.
resource "aws_vpc_security_group_egress_rule" "nginx" {
  security_group_id = aws_security_group.nginx.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

# What Postgres and Redis let in: see outputs.tf.
resource "aws_security_group" "api" {
  name        = "${var.name}-api"
  description = "The replicas"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "api_from_nginx" {
  security_group_id            = aws_security_group.api.id
  referenced_security_group_id = aws_security_group.nginx.id
  ip_protocol                  = "tcp"
  from_port                    = {{port}}
  to_port                      = {{port}}
}

# Their metrics, which the monitor beside nginx reads. nginx forwards nothing to this port.
resource "aws_vpc_security_group_ingress_rule" "api_from_monitor" {
  security_group_id            = aws_security_group.api.id
  referenced_security_group_id = aws_security_group.nginx.id
  ip_protocol                  = "tcp"
  from_port                    = {{management_port}}
  to_port                      = {{management_port}}
}

# Postgres, Redis, and what ECS fetches for a task: the image, the secrets.
resource "aws_vpc_security_group_egress_rule" "api" {
  security_group_id = aws_security_group.api.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
