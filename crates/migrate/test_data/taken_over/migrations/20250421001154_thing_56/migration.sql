-- CreateTable
CREATE TABLE "Thing8" (
    "id" BIGSERIAL NOT NULL,
    "a" DECIMAL(12,4),

    CONSTRAINT "Thing8_pkey" PRIMARY KEY ("id")
);
