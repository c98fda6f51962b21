# {{mark}}

variable "name" {
  description = "What everything here is called, or begins with. Short: a load balancer's name has 32 characters."
  type        = string
  default     = "neurocred"
}

variable "image" {
  description = "The Api's image as ECS pulls it, with a tag or digest that never moves, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com/{{api_image}}."
  type        = string
  {{image_default}}
}

variable "monitor_image" {
  description = "The monitor's image as ECS pulls it, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com/{{monitor_image}}. Without it no nginx starts."
  type        = string
  {{monitor_image_default}}
}

variable "nginx_image" {
  description = "nginx 1.29.6 or newer with the module njs, as the official image is: a copy in ECR spares the limits of Docker Hub."
  type        = string
  default     = "{{nginx_image}}"
}

variable "vpc_id" {
  description = "The network. What is in it is believed when it says whom it forwards for, as the load balancer and nginx do. Its DNS must be on, which it is by default."
  type        = string
}

variable "public_subnet_ids" {
  description = "For the load balancer: in at least two availability zones."
  type        = list(string)
}

variable "private_subnet_ids" {
  description = "For the replicas: in at least two availability zones, with a way out to ECR, Secrets Manager and CloudWatch Logs (NAT, or VPC endpoints)."
  type        = list(string)
}

variable "client_cidr_blocks" {
  description = "Who may reach the load balancer."
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "certificate_arn" {
  description = "The certificate in ACM for {{server_name}}."
  type        = string
}

variable "api_key_secret_arn" {
  description = "The secret in Secrets Manager that holds the key which clients send as X-API-Key."
  type        = string
}

variable "postgres_secret_arn" {
  description = "The secret that says where Postgres is, as Host=...;Database=neurocred. Replicas replace a user and a password in it by the role neurocred_service. The server needs max_connections = {{max_connections}}."
  type        = string
}

variable "postgres_password_secret_arn" {
  description = "The secret that holds a password of your choice for the role neurocred_service, which the migration makes and replicas have."
  type        = string
}

variable "postgres_owner_secret_arn" {
  description = "The secret that holds the Postgres connection of the role that owns the schema, for the migration alone: Npgsql's words, or a URL."
  type        = string
}

variable "redis_secret_arn" {
  description = "The secret that holds the Redis connection. Without it everything works, slower."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the logs of nginx, of the monitors and of the replicas."
  type        = number
  default     = 30
}

variable "deletion_protection" {
  description = "Whether the load balancer must be unlocked before it can be deleted."
  type        = bool
  default     = true
}

variable "alarm_topic_arn" {
  description = "The SNS topic that hears of alarms (alarms.tf), and of their end. Without it CloudWatch shows them, and tells nobody."
  type        = string
  default     = null
}
